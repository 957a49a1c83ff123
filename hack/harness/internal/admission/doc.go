// Package admission has no code: it tries the admission policies of deploy/samples on what tenants and providers write.
package admission
