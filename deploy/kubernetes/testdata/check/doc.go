// Package check reads the manifests of Kubernetes, the Compose file and the Dockerfile
// as the programs that use them do: strictly, with what the restricted Pod Security
// Standard asks for, and with every name leading somewhere.
//
// It is a module of its own, because none of these libraries belongs to the product. It
// runs nothing of what it reads.
package check
