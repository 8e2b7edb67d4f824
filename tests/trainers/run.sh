#!/bin/sh
# Train a tiny model with TRL on exports: run.sh PYTHON [SFT_FOLDER DPO_FOLDER]
# PYTHON is the product's; without folders the product's own demo is exported first.
# The trainers live in an environment of their own (TRAINERS_VENV), which the first run builds.
set -eu

python=$1
here=$(dirname "$0")
venv=${TRAINERS_VENV:-$(dirname "$python")/../trainers}

if [ ! -e "$venv/ready" ]; then
	"$python" -m venv "$venv"
	pip="$venv/bin/python -m pip install --quiet --disable-pip-version-check"
	# torch alone first: where a CPU build is at hand, the others then bring no CUDA packages.
	$pip "$(grep '^torch==' "$here/requirements.txt")"
	$pip -r "$here/requirements.txt"
	touch "$venv/ready"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ $# -ge 3 ]; then
	sft=$2
	dpo=$3
else
	sft=$work/sft
	dpo=$work/dpo
	"$python" -m hitl_app demo --data-dir "$work/store"
	"$python" -m hitl_app export --data-dir "$work/store" --format trl-sft --out "$sft"
	"$python" -m hitl_app export --data-dir "$work/store" --format trl-dpo --out "$dpo"
fi

"$venv/bin/python" "$here/check_trl.py" "$sft" "$dpo"
