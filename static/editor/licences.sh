#!/bin/sh
# Prints the licence of every package that the editor's script is made of.
set -eu
echo "static/files/editor.js holds the following packages, each under its licence."
for package in $(find node_modules -mindepth 2 -maxdepth 3 -name package.json | sort); do
  folder="${package%/package.json}"
  version="$(sed -n 's/^ *"version": *"\([^"]*\)".*/\1/p' "$package" | head -n 1)"
  printf '\n\n== %s %s\n\n' "${folder#node_modules/}" "$version"
  cat "$folder/LICENSE"
done
