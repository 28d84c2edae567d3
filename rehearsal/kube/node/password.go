// Package node keeps what the cluster knows of its nodes in order: passwords, roles, members of lost servers.
package node

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"os"
	"strings"

	v1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"drover/rehearsal/kube/layout"
	"drover/rehearsal/kube/supervisor"
)

const (
	passwordSuffix = ".node-password.rke2"
	systemSpace    = "kube-system"
)

// OwnPassword reads this machine's password, and makes one at its first join.
func OwnPassword(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err == nil {
		return strings.TrimSpace(string(content)), nil
	}
	if !os.IsNotExist(err) {
		return "", err
	}
	random := make([]byte, 16)
	if _, err := rand.Read(random); err != nil {
		return "", err
	}
	password := hex.EncodeToString(random)
	return password, layout.Write(path, []byte(password+"\n"), 0o600)
}

// CheckPassword refuses a machine that has another password than the node of its name. A new name passes.
func CheckPassword(ctx context.Context, api kubernetes.Interface, node, password string) error {
	secret, err := api.CoreV1().Secrets(systemSpace).Get(ctx, node+passwordSuffix, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(secret.Data["hash"], digest(password)) != 1 {
		return errPassword(node)
	}
	return nil
}

// ClaimPassword is CheckPassword, and keeps the password of a new name.
func ClaimPassword(ctx context.Context, api kubernetes.Interface, node, password string) error {
	secret := &v1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: node + passwordSuffix, Namespace: systemSpace},
		Data:       map[string][]byte{"hash": digest(password)},
	}
	_, err := api.CoreV1().Secrets(systemSpace).Create(ctx, secret, metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		return CheckPassword(ctx, api, node, password)
	}
	return err
}

// forgetPassword lets another machine take the name of a node that was deleted.
func forgetPassword(ctx context.Context, api kubernetes.Interface, node string) error {
	err := api.CoreV1().Secrets(systemSpace).Delete(ctx, node+passwordSuffix, metav1.DeleteOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

func digest(password string) []byte {
	sum := sha256.Sum256([]byte(password))
	return []byte(hex.EncodeToString(sum[:]))
}

func errPassword(node string) error {
	return fmt.Errorf("%w: node password rejected, duplicate hostname or contents of '%s' may not match the one that node '%s' joined with: bring the machine's disk back, or delete the Node",
		supervisor.ErrRefused, layout.NodePassword, node)
}
