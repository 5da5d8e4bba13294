# Completion of psrun-endpoint for bash.
_psrun_endpoint() {
    local word=${COMP_WORDS[COMP_CWORD]}
    case ${COMP_WORDS[COMP_CWORD - 1]} in
        --shell | --channel-path) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
        --working-directory) mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
        *) mapfile -t COMPREPLY < <(compgen -W '--shell --working-directory --channel --channel-path --help --version' -- "$word") ;;
    esac
}
complete -o filenames -F _psrun_endpoint psrun-endpoint
