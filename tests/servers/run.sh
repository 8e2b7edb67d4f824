#!/bin/sh
# Try the client on real servers with tiny random models: run.sh PYTHON [PYTEST_ARGUMENT...]
# PYTHON is the product's. The servers live in an environment of their own (SERVERS_VENV), which the first run builds:
# llama-cpp-python is compiled there, which takes about ten minutes.
set -eu

python=$1
shift
here=$(dirname "$0")
venv=${SERVERS_VENV:-$(dirname "$python")/../servers}

if [ ! -e "$venv/ready" ]; then
	"$python" -m venv "$venv"
	pip="$venv/bin/python -m pip install --quiet --disable-pip-version-check"
	# torch alone first: where a CPU build is at hand, the others then bring no CUDA packages.
	$pip "$(grep '^torch==' "$here/requirements.txt")"
	# Models here see no pictures: that half of llama.cpp need not be compiled.
	CMAKE_ARGS="-DLLAVA_BUILD=OFF" CMAKE_BUILD_PARALLEL_LEVEL=${JOBS:-2} $pip -r "$here/requirements.txt"
	touch "$venv/ready"
fi

SERVERS_VENV=$venv "$python" -m pytest -m slow -s "$here/test_real_servers.py" "$@"
