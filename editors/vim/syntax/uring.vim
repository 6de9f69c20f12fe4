" SPDX-License-Identifier: GPL-2.0-or-later
" uring.vim - colours for scenarios (*.uring); see docs/scenario-language.md
"
" Install: copy editors/vim/{ftdetect,syntax} into ~/.vim.
if exists('b:current_syntax')
  finish
endif

syn keyword uringHead     uring question rules profile twin param sweep in
syn keyword uringObject   ring file pipe socket buf ublk futex child disk listener task
syn keyword uringQuant    forall exists never always all any at end
syn keyword uringRepeat   repeat
syn keyword uringCall     enter enable restrict feed take empty reap peek close barrier exit kill sleep
syn keyword uringCall     register_files unregister_files update_files
syn keyword uringCall     register_buffers unregister_buffers update_buffers clone_buffers bread bwrite bytes zeroes stale
syn keyword uringCall     sync_cancel store wake end
syn keyword uringCall     bflush bdiscard bzero control open_char iod
syn keyword uringOp       nop read write readv writev read_fixed write_fixed badop
syn keyword uringOp       timeout timeout_remove link_timeout async_cancel poll_add
syn keyword uringOp       futex_wait futex_wake futex_waitv waitid
syn keyword uringOp       uring_cmd send recv send_zc splice tee fsync openat close_fd
syn keyword uringResult   short hang
syn keyword uringFunction cq count refs posted issued punted hung overflow broken
syn keyword uringFunction released zeroed
syn keyword uringFlag     FIXED_FILE IO_DRAIN IO_LINK IO_HARDLINK ASYNC BUFFER_SELECT
syn keyword uringFlag     CQE_SKIP_SUCCESS GROUP SINGLE_ISSUER DEFER_TASKRUN GETEVENTS
syn match   uringFlag     /\<IOSQE_\w\+\|\<IORING_\w\+/
syn match   uringErrno    /-E[A-Z]\+\>/
syn match   uringNumber   /\<\d\w*\>/
syn match   uringKey      /\<\h\w*\ze=[^=]/
syn match   uringLabel    /^\s*\zs\h\w*\(\[[^]]*\]\)\?\ze:/
syn region  uringString   start=/"/ skip=/\\./ end=/"\|$/
syn match   uringComment  /#.*/
syn region  uringComment  start=+/\*+ end=+\*/+

hi def link uringHead     Keyword
hi def link uringObject   Type
hi def link uringQuant    Conditional
hi def link uringRepeat   Repeat
hi def link uringCall     Statement
hi def link uringOp       Function
hi def link uringResult   Constant
hi def link uringFunction Function
hi def link uringFlag     Constant
hi def link uringErrno    Special
hi def link uringNumber   Number
hi def link uringKey      Identifier
hi def link uringLabel    Label
hi def link uringString   String
hi def link uringComment  Comment

let b:current_syntax = 'uring'
