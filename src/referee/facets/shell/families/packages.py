"""Package managers: what they install and from where, what they remove and publish, and what runs while they do."""

from __future__ import annotations

from typing import Final

RULES: Final = """
apt|apt-get|aptitude|yum|dnf|zypper|pacman|apk|brew|port|snap|flatpak|pip|pip3|pipx|gem|cargo|npm|pnpm|yarn|bun|go|\
composer|conda|\
mamba|nix-env|choco|scoop|winget|uv|poetry|pdm|opam|cabal|stack|luarocks|cpan|cpanm|easy_install|mix|dotnet|nuget|vcpkg|\
conan|tlmgr|\
pkg|pkg_add|emerge|xbps-install|eopkg|rpm-ostree|microdnf|tdnf|mas|asdf|mise|volta|rustup|pecl|pear|code ... \
install|add|get|i|in|ci|reinstall|groupinstall|localinstall : package_install network
pacman [-S|-Syu|-U] : package_install network
rpm|dpkg [-i|--install|-U|-ivh|-Uvh] : package_install
rpm|dpkg|yum|dnf|apt|apt-get|pacman|brew|snap {http://*|https://*|ftp://*} : remote_code network
dpkg|rpm [--force-all|--nodeps|--force-depends|--nosignature|--nodigest|--force-remove-reinstreq] : system_change
dpkg [-r|-P|--purge|--remove] : package_remove system_change
rpm [-e|--erase] : package_remove system_change
apt|apt-get|aptitude|yum|dnf|zypper|apk|snap|flatpak|port|pkg|emerge|microdnf|nix-env|rpm-ostree ... remove|purge|\
uninstall|autoremove|\
erase|autopurge|--unmerge|delete|del|full-upgrade|dist-upgrade : package_remove system_change
pacman {-R*} : package_remove system_change
brew uninstall|remove|rm|autoremove : package_remove system_change
pip|pip2|pip3|pipx|gem|conda|mamba|choco|scoop|winget uninstall|remove|rm : package_remove system_change
uv pip uninstall : package_remove system_change
npm|pnpm|yarn|bun|cargo|poetry|pdm|composer|uv ... remove|uninstall|rm|un|prune : package_remove
poetry|pdm cache|env clear|remove : package_remove system_change
uv pip install|sync : package_install network
apt|apt-get|aptitude {*Pre-Invoke*|*Post-Invoke*|*Pre-Install*|*AllowUnauthenticated=true*|*DPkg::*} : shell_escape
apt|apt-get [--allow-unauthenticated|--force-yes|--allow-insecure-repositories] : protection_off
apt-key|add-apt-repository|apt-add-repository : remote_code system_change
yum-config-manager|dnf|zypper ... --add-repo|addrepo|ar|config-manager : remote_code
yum|dnf [--nogpgcheck] : remote_code
rpm [--import|--eval|-E] : shell_escape
dnf|yum {--enableplugin=*|--pluginpath=*|pluginpath=*|*pluginconfpath*} : shell_escape
brew tap|create : remote_code
pip|pip2|pip3|pipx|uv|easy_install|poetry|pdm {git+*|hg+*|svn+*|bzr+*|http://*|https://*|*@*git+*|\
*@*https://*} ... install|add|*://* : remote_code network
pip|pip2|pip3|uv [--extra-index-url|--trusted-host|--index-url|-i|--find-links] ... install|download|add|sync : remote_code
pip|pip2|pip3 {--index-url=http://*|--extra-index-url=*} : remote_code
pip|pip2|pip3 config ... {*index-url*|*trusted-host*} set : system_change
easy_install {http://*|https://*} : remote_code
npm|pnpm|yarn|bun {http://*|https://*|git+*|git://*|github:*} ... install|add|i : remote_code network
npm|pnpm|yarn {--registry=http://*|--script-shell*|--registry=*} ... install|i|add|ci : remote_code
npm|pnpm|yarn config set registry|script-shell|prefix|*_authToken|*_auth|cafile|strict-ssl|https-proxy : system_change
npm|yarn|pnpm token create|revoke|delete : credential_access
npm token list : credential_access
npm unpublish : infrastructure_destroy
npm deprecate|owner|access|dist-tag|hook|org|team|profile : service_change
gem [--source|-s|--clear-sources] ... install : remote_code
gem push|yank|owner : infrastructure_destroy
gem open {-e*} : shell_escape
cargo install [--git] : remote_code
cargo publish : deploy
cargo yank|owner : infrastructure_destroy
go run|install http*|*@* : package_install network
go run ... *.*/*@* : remote_code
luarocks|cpan|cpanm|pecl|conan {http://*|https://*} : remote_code
cpan [-e|-f|-i] : package_install
cpan {!*} : shell_escape
composer exec|config ... {*script*|allow-plugins*} : execute
npm pkg set {scripts.*install*|scripts.prepare*|scripts.prepublish*} : persistence
deno|bun run|install|x {http://*|https://*} : remote_code
flatpak install {http://*|https://*} : remote_code
dpkg|rpm|apt|apt-get|pip|pip3|npm|gem|yum|dnf {/tmp/*|/var/tmp/*|/dev/shm/*|file:///tmp/*} : remote_code
snap install [--dangerous|--devmode] : remote_code
npx|bunx|uvx|pipx {http://*|https://*|git+*|github:*} : remote_code
npm|pnpm|yarn publish : deploy
twine upload : deploy
poetry|uv|flit|hatch|pdm|maturin publish : deploy
mvn|mvnw|./mvnw deploy|release:*|site-deploy|deploy:* : deploy
gradle|gradlew|./gradlew publish|publish*|upload*|*:publish* : deploy
sbt|lein|clojure|mill publish|publishSigned|deploy : deploy
nuget|dotnet push : deploy
dotnet nuget push|delete : deploy
vsce|ovsx publish|unpublish|delete-publisher : deploy
pod trunk : deploy
docker login : network
goreleaser|semantic-release|release-it|changeset|np|lerna release|publish|version : deploy
conan|helm upload|push : deploy
npm|pnpm|yarn|bun run|test|start|exec : execute
snap|flatpak|snapcraft upload|release|revert : deploy
conda env remove : package_remove
conda clean [-a|--all] : package_remove
npm|yarn|pnpm cache clean : read
nix-collect-garbage [-d|--delete-old] : mass_delete delete
brew cleanup [-s] : delete
docker|podman ... {*:latest} : network
""".strip()
