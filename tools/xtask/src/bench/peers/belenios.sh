#!/bin/bash
# The peers' job with belenios-tool: encrypt, verify and count N ballots of twelve options.
# bash belenios.sh N DIR -> one line of JSON on standard output. CPU seconds of all its processes;
# starting one costs about 4 ms and is left in. The verification of an election without ballots
# is taken off the verification with ballots.
set -e
count=$1
cd "$2"
export BELENIOS_USE_URANDOM=1
TIMEFORMAT='%U %S'
group='--group BELENIOS-2048'

# CPU seconds of a command; its output goes to files.
cpu() { { time "$@" >>out 2>>log; } 2>&1 | awk '{ print $1 + $2 }'; }

uuid=$(belenios-tool setup generate-token)
for i in $(seq "$count"); do echo "voter$i@example.org,voter$i,1"; done >voters.txt
echo '{"description":"bench","name":"bench","administrator":"a","credential_authority":"c","questions":[{"question":"q","min":1,"max":1,"answers":["0","1","2","3","4","5","6","7","8","9","10","11"]}]}' >questions.json
belenios-tool setup generate-credentials --uuid "$uuid" $group --file voters.txt >>log 2>&1
mv ./*.pubcreds public_creds.json
awk '{ print $2 }' ./*.privcreds >creds
belenios-tool setup generate-trustee-key $group >>log 2>&1
cat ./*.pubkey >public_keys.jsons
belenios-tool setup make-trustees >>log 2>&1
belenios-tool setup make-election --uuid "$uuid" $group --template questions.json >>log 2>&1
belenios-tool archive init >>log 2>&1
rm -f election.json trustees.json public_creds.json

split -l 1 -d -a 6 creds cred.
for i in $(seq 0 $((count - 1))); do
  awk -v c=$((i % 12)) 'BEGIN { printf "[["; for (k = 0; k < 12; k++) printf "%s%d", k ? "," : "", k == c; print "]]" }' >"vote.$i"
done

encrypt() {
  local i
  for i in $(seq 0 $((count - 1))); do
    belenios-tool election generate-ballot --privcred "$(printf 'cred.%06d' "$i")" --ballot "vote.$i" >"ballot.$i"
  done
}
count_up() {
  belenios-tool election compute-encrypted-tally >tally.json
  belenios-tool archive add-event --type=EncryptedTally <tally.json
  belenios-tool election decrypt --privkey ./*.privkey --trustee-id 1 >share.json
  belenios-tool archive add-event --type=PartialDecryption <share.json
  belenios-tool election compute-result >result.json
}

empty=$(cpu belenios-tool election verify)
encrypt=$(cpu encrypt)
for i in $(seq 0 $((count - 1))); do
  belenios-tool archive add-event --type=Ballot <"ballot.$i" >>log 2>&1
done
verify=$(cpu belenios-tool election verify)
belenios-tool archive add-event --type=EndBallots </dev/null >>log 2>&1
tally=$(cpu count_up)

expected=$(awk -v n="$count" 'BEGIN { for (k = 0; k < 12; k++) printf "%s%d", k ? "," : "", int((n + 11 - k) / 12) }')
tr -d '" ' <result.json | grep -qF "[$expected]" || { echo "wrong result: $(head -c 300 result.json)" >&2; exit 1; }
awk -v e="$encrypt" -v v="$verify" -v o="$empty" -v t="$tally" -v n="$count" -v b="$(wc -c <ballot.0)" \
  'BEGIN { printf "{\"encrypt\": %.6f, \"verify\": %.6f, \"tally\": %.6f, \"bytes\": %d}\n", e / n, (v - o) / n, t / n, b }'
