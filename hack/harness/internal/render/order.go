package render

import (
	"bytes"
	"slices"
)

// separator stands before every document that render prints.
const separator = "---\n"

// sortResults puts core's remarks on composed resources in order: core makes them while it ranges over a map. The results of functions
// stay where they are: their order is the functions'.
func sortResults(rendered []byte) []byte {
	docs := bytes.Split(rendered, []byte("\n"+separator))
	var at []int
	var remarks [][]byte
	for i, doc := range docs {
		if bytes.HasPrefix(bytes.TrimPrefix(doc, []byte(separator)), []byte("apiVersion: render.crossplane.io/")) && isRemark(doc) {
			at, remarks = append(at, i), append(remarks, bytes.TrimRight(doc, "\n"))
		}
	}
	if len(at) == 0 {
		return rendered
	}
	slices.SortFunc(remarks, bytes.Compare)
	for i, position := range at {
		docs[position] = remarks[i]
	}
	return append(bytes.TrimRight(bytes.Join(docs, []byte("\n"+separator)), "\n"), '\n')
}

// isRemark says whether a result is core's own about one composed resource.
func isRemark(doc []byte) bool {
	return bytes.Contains(doc, []byte("\nmessage: Composed resource \"")) || bytes.Contains(doc, []byte("\nmessage: 'Composed resource \""))
}
