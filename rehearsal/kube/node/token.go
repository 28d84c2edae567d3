package node

import (
	"context"

	v1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

const tokenSecret = "rke2-rotated-token"

// KeepToken stores the secret of a rotated token for the other servers.
func KeepToken(ctx context.Context, api kubernetes.Interface, secret string) error {
	object := &v1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: tokenSecret, Namespace: systemSpace},
		Data:       map[string][]byte{"secret": []byte(secret)},
	}
	_, err := api.CoreV1().Secrets(systemSpace).Create(ctx, object, metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		_, err = api.CoreV1().Secrets(systemSpace).Update(ctx, object, metav1.UpdateOptions{})
	}
	return err
}

// KeptToken is the stored secret; empty when the token was never rotated.
func KeptToken(ctx context.Context, api kubernetes.Interface) (string, error) {
	object, err := api.CoreV1().Secrets(systemSpace).Get(ctx, tokenSecret, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return string(object.Data["secret"]), nil
}
