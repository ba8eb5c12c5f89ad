# Shared by the scripts in this folder: finds the checkout and its packages.
# shellcheck shell=sh

checkout=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P) || exit 1
python="$checkout/.venv/bin/python"

say() {
    printf '%s\n' "$*" >&2
}

# The stamp names the kind of installation, the lock file and the folder, so that
# a changed lock, a copied checkout or a half-made installation is noticed.
packages_are_current() {
    stamp="$checkout/.venv/keepwell-packages"
    [ -r "$stamp" ] && [ -x "$python" ] || return 1
    # sh has no local names: none of these may be one that a script uses.
    read -r kind sum size stamped_in <"$stamp" || return 1
    [ "$stamped_in" = "$checkout" ] || return 1
    case "$kind $1" in
    peers\ *) locked="$checkout/requirements-peers.txt" ;;
    *\ peers) return 1 ;;
    bench\ *) locked="$checkout/requirements-bench.txt" ;;
    *\ bench) return 1 ;;
    dev\ *) locked="$checkout/requirements-dev.txt" ;;
    run\ run) locked="$checkout/requirements.txt" ;;
    *) return 1 ;;
    esac
    [ "$(cksum <"$locked")" = "$sum $size" ]
}

find_python() {
    for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
            >/dev/null 2>&1; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    say "Keepwell needs Python 3.11 or newer, and none was found on the PATH."
    say "Debian or Ubuntu:  apt-get install python3 python3-venv"
    say "macOS:             brew install python"
    say "Elsewhere: https://www.python.org/downloads/, or set PYTHON to its path."
    return 1
}

# Usage: need_packages run|dev|bench|peers
need_packages() {
    packages_are_current "$1" && return 0
    found=$(find_python) || exit 1
    (cd "$checkout" && "$found" -m devstack.install "$1") || exit 1
}

wants_help() {
    case "${1:-}" in
    -h | --help) return 0 ;;
    *) return 1 ;;
    esac
}

# Prints the modules of a folder, each with the first line of its docstring.
list_modules() {
    "$python" "$checkout/devstack/modules.py" "$checkout/$1"
}
