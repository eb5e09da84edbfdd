# Completion of radius for bash. In ~/.bashrc: source <(radius completions bash)
_radius() {
    local LC_ALL=C IFS=$'\n'
    COMPREPLY=($(COMPLETE=bash "${1/#\~/$HOME}" -- "$2" "${COMP_LINE:0:COMP_POINT}" 2>/dev/null))
    # A value, a path or a tag still follows.
    if [[ ${COMPREPLY-} == *[=/:] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -F _radius radius
