# SPDX-License-Identifier: GPL-2.0-or-later
# uringlab.bash - completion for bash
#
# Options come from `uringlab COMMAND --help`, profiles and rules from the program too, so
# that nothing here has to follow a change there.

_uringlab_options()
{
	"$1" "$2" --help 2>/dev/null |
		sed -n 's/^ *\(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p'
}

_uringlab_rules()
{
	"$1" rules --tree /nonexistent 2>/dev/null | sed -n 's/^\([A-Z]*-[^ ]*\) .*/\1/p'
}

_uringlab_kernels()
{
	"$1" kernel list 2>/dev/null | sed -n 's/^\([^ ][^ ]*\) .*/\1/p'
}

_uringlab()
{
	local program=${COMP_WORDS[0]} command=${COMP_WORDS[1]}
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local commands="explore run random replay automaton rules lint fmt graph"
	commands="$commands why kernel check-log profile cost"

	# --option=VALUE comes as three words.
	[ "$cur" = = ] && cur=
	[ "$prev" = = ] && prev=${COMP_WORDS[COMP_CWORD - 2]}
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W "$commands --help" -- "$cur")
		return
	fi
	case $prev in
	-p | --profile | --with)
		mapfile -t COMPREPLY < <(compgen -W \
			"linux-6.12 linux-7 sqe-group sqe-group-v8 all" -- "$cur")
		return
		;;
	--mutate)
		mapfile -t COMPREPLY < <(compgen -W "$(_uringlab_rules "$program")" -- "$cur")
		return
		;;
	--format)
		mapfile -t COMPREPLY < <(compgen -W "text ftrace ftrace-all json" -- "$cur")
		return
		;;
	--accel)
		mapfile -t COMPREPLY < <(compgen -W "auto tcg kvm" -- "$cur")
		return
		;;
	--what)
		mapfile -t COMPREPLY < <(compgen -W "deps run states" -- "$cur")
		return
		;;
	-k | --kernel)
		mapfile -t COMPREPLY < <(compgen -W "$(_uringlab_kernels "$program")" -- "$cur")
		return
		;;
	-o | --output | --tree | --series | --log | --console | --campaign | --record | --share)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	esac
	case $cur in
	-*)
		mapfile -t COMPREPLY < <(compgen -W \
			"$(_uringlab_options "$program" "$command")" -- "$cur")
		return
		;;
	esac
	case $command in
	profile)
		if [ "$COMP_CWORD" -eq 2 ]; then
			mapfile -t COMPREPLY < <(compgen -W "list diff" -- "$cur")
			return
		fi
		if [ "$COMP_CWORD" -le 4 ]; then
			mapfile -t COMPREPLY < <(compgen -W \
				"linux-6.12 linux-7 sqe-group sqe-group-v8" -- "$cur")
			return
		fi
		;;
	automaton)
		if [ "$COMP_CWORD" -eq 2 ]; then
			mapfile -t COMPREPLY < <(compgen -W \
				"count list dot accept compare" -- "$cur")
			return
		fi
		;;
	kernel)
		if [ "$COMP_CWORD" -eq 2 ]; then
			mapfile -t COMPREPLY < <(compgen -W \
				"list build fixup run shell" -- "$cur")
			return
		fi
		case ${COMP_WORDS[2]} in
		build | fixup | shell)
			mapfile -t COMPREPLY < <(compgen -W \
				"$(_uringlab_kernels "$program")" -- "$cur")
			return
			;;
		esac
		;;
	rules)
		mapfile -t COMPREPLY < <(compgen -W "$(_uringlab_rules "$program")" -- "$cur")
		return
		;;
	esac
	mapfile -t COMPREPLY < <(
		compgen -f -X '!*.uring' -- "$cur"
		compgen -d -S / -- "$cur"
	)
	compopt -o nospace 2>/dev/null
	compopt -o filenames 2>/dev/null
}
complete -F _uringlab uringlab
