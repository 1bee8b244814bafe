"""Shell commands of an ordinary day, for the probe ``shell``.

Rule 1: a form has holes (``N`` a name, ``F`` a file, ``P`` a path, ``H`` a host) that are filled afresh each time, so that no
answer can come from a cache of whole words.
"""

from __future__ import annotations

import random
import re
from typing import Final

FORMS: Final = r"""
ls -la P
cd P && ls
cat F
cat P/F | head -20
head -n 50 P/F
tail -f P/F.log
wc -l P/*.py
mkdir -p P/N
touch P/F
cp F P/F
mv P/F P/N.bak
rm -f P/F.tmp
ln -s ../N P/N
find . -type f -name '*.N'
find P -name '*.py' -not -path '*/node_modules/*'
find P -name '*.log' -mtime +7 -print
find . -type f -name '*.js' | xargs grep -n N
grep -rn 'N' P
grep -E 'N|N' P/F | sort | uniq -c | sort -rn | head
rg -n "class N" --type py P
sed -n '10,40p' P/F
sed -i 's/N/N/g' P/F
awk -F, '{print $2, $5}' P/F.csv
awk '/N/ {n++} END {print n}' F
cut -d: -f1 F | sort -u
sort F | uniq -d
diff -u P/F P/F
tar czf N.tar.gz P
tar xzf N.tgz -C P
unzip -o N.zip -d P
jq '.N | keys' P/F.json
git status --short
git diff HEAD~1 -- P/F
git add -A && git commit -m "fix: N in P/F"
git commit -m 'N: explain why N fails when F is missing'
git checkout -b N/N
git log --oneline -20 -- P
git log --since='2 weeks ago' --author=N --stat
git show N:P/F
git push -u origin N
git pull --rebase origin N
git stash push -m N
git rebase origin/N
git cherry-pick N
git clone https://H/N/N.git P
gh pr create --title "N" --body "N and N"
gh run view 123 --log-failed
npm ci && npm run build
npm test -- --grep N
npm run N -- --watch=false
npx tsc --noEmit -p P
npx eslint P --ext .ts,.tsx
yarn workspace N test
pip install -r P/requirements.txt
python3 -m pytest P/test_N.py -x -q -k N
python3 P/F.py --name N --count 3
python3 -c 'import N; print(N.__version__)'
python3 -m venv .venv && . .venv/bin/activate && pip install -e .
uv run pytest -q P
ruff check P --fix && ruff format P
mypy P/F.py
cargo test N -- --nocapture
cargo build --release --features N
go test ./N/... -run TestN -count=1
go build -o bin/N ./cmd/N
make -j4 N
make N VERSION=1.2.3
cmake -S . -B build -DCMAKE_BUILD_TYPE=N
./gradlew :N:test --tests '*N*'
mvn -q -pl N test
docker build -t N:latest -f P/Dockerfile .
docker run --rm -it -v "$PWD":/work -w /work N:latest N --check
docker compose up -d N
docker compose logs -f --tail=100 N
docker exec N ls /app
kubectl get pods -n N -o wide
kubectl logs deploy/N -n N --since=10m | grep -i error
kubectl describe pod N-0
terraform plan -out=N.plan
terraform fmt -recursive P
aws s3 ls s3://N/P/
curl -s https://H/P/F.json | jq .N
curl -fsSL -o P/F https://H/N
curl -X POST -H 'Content-Type: application/json' -d '{"N": 1}' http://localhost:3000/N
wget -q https://H/N.tar.gz
ssh N@H uptime
ps aux | grep N | grep -v grep
lsof -i :3000
df -h | grep P
du -sh P/* | sort -h | tail -5
export N_ENV=test && N --verbose
N_DEBUG=1 python3 P/F.py 2>&1 | tee P/N.log
for f in P/*.N; do echo "$f"; wc -l "$f"; done
for i in 1 2 3; do curl -s localhost:8080/N; sleep 1; done
if [ -f P/F ]; then cat P/F; else echo none; fi
[ -d P ] || mkdir -p P
test -f P/F && echo yes || echo no
while read -r line; do echo "$line"; done < P/F
x=$(git rev-parse --short HEAD); echo "build $x of N"
echo "N=$(date +%F)" >> P/N.txt
V=1.2; echo "v$V" > P/VERSION
cat > P/F.yaml <<'EOF'
timeout 60 N --run P
time N P/F
nohup N serve > P/N.log 2>&1 &
watch -n 2 kubectl get pods -n N
xargs -n1 N < P/F
printf '%s\n' N N N | sort
echo done
true && echo N || echo N
which N
N --help
N --version
chmod +x P/N.sh && ./P/N.sh --dry
psql -c 'SELECT count(*) FROM N WHERE id = 3'
sqlite3 P/N.db '.tables'
redis-cli GET N
openssl x509 -in P/N.crt -noout -dates
base64 P/N.png > P/N.b64
tree -L 2 P
env | grep -i N
date -u +%Y-%m-%dT%H:%M:%SZ
(cd P && npm test)
{ echo N; cat F; } > P/out.txt
bash P/N.sh N
bash -c 'echo N && ls P'
sudo systemctl status N
"""


def fresh(seed: int) -> list[str]:
    """Fill every form with words that no other seed gives."""
    dice = random.Random(seed)
    made = []
    for form in FORMS.strip().splitlines():
        text = re.sub(r"(?<!%)\b[NFPH]\b|(?<=[_/*])N(?=[*_.]?\b)", lambda found: _word(dice, found[0]), form)
        made.append(text + "\nname: a\nport: 80\nEOF" if text.endswith("<<'EOF'") else text)
    return made


def _word(dice: random.Random, hole: str) -> str:
    def name() -> str:
        return "".join(dice.choice("abcdefghiklmnoprstuvw") for _ in range(dice.randint(5, 9)))

    if hole == "F":
        return f"{name()}.{dice.choice(['py', 'ts', 'md', 'txt', 'json'])}"
    if hole == "P":
        return "/".join(name() for _ in range(dice.randint(1, 3)))
    return f"{name()}.example" if hole == "H" else name()
