#!/bin/sh
# Checks that one act is in the log: coreutils and openssl 3, nothing else.
# usage: sh check-tlog-proof.sh data/custody/00000007.act data/custody/00000007.tlog-proof data/log/vkeys
# Checks the archive's Ed25519 signature on the checkpoint; verify.py also checks ML-DSA-44.
set -eu
[ $# = 3 ] || { echo "usage: check-tlog-proof.sh ACT PROOF VKEYS" >&2; exit 2; }
here=$(mktemp -d); trap 'rm -rf "$here"' EXIT
fail() { echo "BROKEN: $1"; exit 1; }
sha() { openssl dgst -sha256 -binary; }
node() { { printf '\001'; cat "$1" "$2"; } | sha > "$here/next"; mv "$here/next" "$here/hash"; }

# The entry: a commitment to the act without its open fields. The leaf: SHA-256(0x00, entry).
jwt=$(cut -d '~' -f 1 < "$1" | tr -d '\n')
commitment=$(printf %s "$jwt" | sha | base64)
{ printf '\000'; printf 'custody-entry/v1\n%s\n' "$commitment"; } | sha > "$here/hash"

# The path up to the root (RFC 9162, 2.1.3.2).
[ "$(sed -n 1p "$2")" = "c2sp.org/tlog-proof@v1" ] || fail "this is not a tlog-proof"
index=$(sed -n '2s/^index //p' "$2")
sed '1,/^$/d' "$2" > "$here/note"
sed '/^$/,$d' "$here/note" > "$here/text"
size=$(sed -n 2p "$here/text")
[ "$index" -lt "$size" ] || fail "the place is beyond the log"
f=$index; s=$((size - 1))
for line in $(sed -n '3,/^$/p' "$2" | sed '/^$/d'); do
  printf %s "$line" | base64 -d > "$here/sibling"
  [ "$s" -gt 0 ] || fail "the path is too long"
  if [ $((f % 2)) = 1 ] || [ "$f" = "$s" ]; then
    node "$here/sibling" "$here/hash"
    while [ $((f % 2)) = 0 ] && [ "$f" -gt 0 ]; do f=$((f / 2)); s=$((s / 2)); done
  else
    node "$here/hash" "$here/sibling"
  fi
  f=$((f / 2)); s=$((s / 2))
done
[ "$s" = 0 ] || fail "the path is too short"
[ "$(base64 < "$here/hash")" = "$(sed -n 3p "$here/text")" ] || fail "the act is not in this log"

# The signature: vkey is name+id+base64(0x01, key); the line is base64(id, signature).
vkey=$(sed -n 1p "$3"); name=${vkey%%+*}; rest=${vkey#*+}
printf %s "${rest#*+}" | base64 -d | tail -c +2 > "$here/raw"
printf '\060\052\060\005\006\003\053\145\160\003\041\000' | cat - "$here/raw" > "$here/key"
[ "$(sed -n 1p "$here/text")" = "$name" ] || fail "the checkpoint is of another log"
for line in $(sed -n "s|^— $name ||p" "$here/note"); do
  printf %s "$line" | base64 -d | tail -c +5 > "$here/signature"
  [ "$(wc -c < "$here/signature")" -eq 64 ] || continue
  openssl pkeyutl -verify -pubin -keyform DER -inkey "$here/key" -rawin -in "$here/text" \
    -sigfile "$here/signature" > "$here/said" 2>&1 || fail "the signature does not hold"
  echo "act $index of $size is in the log of $name, and the log is signed"
  exit 0
done
fail "there is no Ed25519 signature"
