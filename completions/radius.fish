# Completion of radius for fish. In ~/.config/fish/config.fish: radius completions fish | source
function __radius_complete
    set -l words (commandline --current-process --tokenize --cut-at-cursor)
    set -l program (string replace --regex '^~' $HOME -- $words[1])
    set -lx COMPLETE fish
    command $program -- $words (commandline --current-token --cut-at-cursor) 2>/dev/null
end
complete --command radius --no-files --keep-order --arguments '(__radius_complete)'
