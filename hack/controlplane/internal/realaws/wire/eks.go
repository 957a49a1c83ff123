package wire

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"regexp"
	"time"
)

// eksCluster gives a cluster the certificate of an authority in PEM, in base64: the server has random letters.
// https://docs.aws.amazon.com/eks/latest/APIReference/API_Certificate.html
func eksCluster(raw []byte) []byte {
	return regexp.MustCompile(`("certificateAuthority":\s*\{"data":\s*")[^"]*"`).ReplaceAll(raw, []byte(`${1}`+authority()+`"`))
}

// authority is always the same certificate: it is made of a key of zeroes.
func authority() string {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "kubernetes"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(bytes.NewReader(nil), template, template, key.Public(), key)
	if err != nil {
		return "" // a template of ours
	}
	return base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// podIdentities are the Pod Identity associations by id: the server has no such API.
// https://docs.aws.amazon.com/eks/latest/APIReference/API_PodIdentityAssociation.html
type podIdentities map[string]map[string]any

// serve answers a call of the API, and says whether it was one.
func (p podIdentities) serve(rw http.ResponseWriter, r *http.Request, body []byte) bool {
	m := regexp.MustCompile(`^/clusters/([^/]+)/pod-identity-associations(?:/([^/]+))?$`).FindStringSubmatch(r.URL.Path)
	if m == nil {
		return false
	}
	cluster, id := m[1], m[2]
	switch {
	case id != "" && p[id] == nil:
		rw.Header().Set("X-Amzn-Errortype", "ResourceNotFoundException")
		writeJSON(rw, http.StatusNotFound, map[string]any{"message": "no association " + id})
	case id == "" && r.Method == http.MethodPost:
		writeJSON(rw, http.StatusOK, map[string]any{"association": p.create(cluster, body)})
	case id == "":
		writeJSON(rw, http.StatusOK, map[string]any{"associations": p.list(cluster, r)})
	case r.Method == http.MethodDelete:
		writeJSON(rw, http.StatusOK, map[string]any{"association": p[id]})
		delete(p, id)
	case r.Method == http.MethodPost:
		p.update(id, body)
		writeJSON(rw, http.StatusOK, map[string]any{"association": p[id]})
	default:
		writeJSON(rw, http.StatusOK, map[string]any{"association": p[id]})
	}
	return true
}

func (p podIdentities) create(cluster string, body []byte) map[string]any {
	id := ""
	for n := 1; id == "" || p[id] != nil; n++ {
		id = fmt.Sprintf("a-%017x", n)
	}
	p[id] = map[string]any{
		"associationId": id, "clusterName": cluster, "disableSessionTags": false,
		"associationArn": "arn:aws:eks:eu-west-1:123456789012:podidentityassociation/" + cluster + "/" + id,
	}
	p.update(id, body)
	delete(p[id], "clientRequestToken")
	return p[id]
}

func (p podIdentities) update(id string, body []byte) {
	var fields map[string]any
	if json.Unmarshal(body, &fields) == nil {
		for key, value := range fields {
			p[id][key] = value
		}
	}
}

func (p podIdentities) list(cluster string, r *http.Request) []any {
	found := []any{}
	for _, a := range p {
		account := r.URL.Query().Get("serviceAccount")
		if a["clusterName"] == cluster && (account == "" || a["serviceAccount"] == account) {
			found = append(found, a)
		}
	}
	return found
}
