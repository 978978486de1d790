// Reads one of our logs with Go's own packages: the note, every record and every older size.
// usage: go run readlog.go LOG
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type tiles struct{ log string }

func (t tiles) Height() int { return 8 }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		// Go's own path names the height; tlog-tiles leaves it out.
		data, err := os.ReadFile(filepath.Join(t.log, strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func must(err error) {
	if err != nil {
		fmt.Println("BROKEN:", err)
		os.Exit(1)
	}
}

func main() {
	log := os.Args[1]
	vkeys, err := os.ReadFile(filepath.Join(log, "vkeys"))
	must(err)
	verifier, err := note.NewVerifier(strings.SplitN(string(vkeys), "\n", 2)[0])
	must(err)
	signed, err := os.ReadFile(filepath.Join(log, "checkpoint"))
	must(err)
	opened, err := note.Open(signed, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	reader := tlog.TileHashReader(tree, tiles{log})

	records := int64(0)
	for n := int64(0); records < size; n++ {
		tile := tlog.Tile{H: 8, L: -1, N: n, W: 256}
		if size-n*256 < 256 {
			tile.W = int(size - n*256)
		}
		path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(log, path))
		must(err)
		for len(data) > 0 {
			length := binary.BigEndian.Uint16(data)
			record := data[2 : 2+length]
			data = data[2+length:]
			proof, err := tlog.ProveRecord(size, records, reader)
			must(err)
			must(tlog.CheckRecord(proof, size, tree.Hash, records, tlog.RecordHash(record)))
			records++
		}
	}
	for old := int64(1); old < size; old += 17 {
		oldHash, err := tlog.TreeHash(old, reader)
		must(err)
		proof, err := tlog.ProveTree(size, old, reader)
		must(err)
		must(tlog.CheckTree(proof, size, tree.Hash, old, oldHash))
	}
	fmt.Println(opened.Sigs[0].Name, size, "records", len(opened.UnverifiedSigs), "other signatures")
}
