package check

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	sigs "sigs.k8s.io/yaml"
)

// objects reads every document of every manifest; a field that Kubernetes doesn't know
// or that is there twice fails the test.
func objects(t *testing.T) (list []runtime.Object) {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{appsv1.AddToScheme, corev1.AddToScheme, networkingv1.AddToScheme, policyv1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	decoder := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer()
	for _, name := range append(kustomized(t), "secrets.example.yaml") {
		content, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		for documents := yaml.NewDocumentDecoder(io.NopCloser(bytes.NewReader(content))); ; {
			document := make([]byte, 1<<20)
			n, err := documents.Read(document)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			object, _, err := decoder.Decode(document[:n], nil, nil)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			list = append(list, object)
		}
	}
	return list
}

// kustomized are the manifests that kustomization.yaml names; each file beside it must
// be one, but for the example of secrets.
func kustomized(t *testing.T) []string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "..", "kustomization.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		APIVersion, Kind, Namespace string
		Resources                   []string
	}
	if err := sigs.UnmarshalStrict(content, &file); err != nil {
		t.Fatal(err)
	}
	beside, err := filepath.Glob(filepath.Join("..", "..", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if len(file.Resources) != len(beside)-2 {
		t.Errorf("kustomization.yaml names %d of %d files", len(file.Resources), len(beside)-2)
	}
	return file.Resources
}

// kinds sorts objects by their type.
func kinds[T runtime.Object](list []runtime.Object) (found []T) {
	for _, o := range list {
		if typed, ok := o.(T); ok {
			found = append(found, typed)
		}
	}
	return found
}

// pod is what a workload makes.
type pod struct {
	workload string
	corev1.PodTemplateSpec
}

func pods(list []runtime.Object) (all []pod) {
	for _, d := range kinds[*appsv1.Deployment](list) {
		all = append(all, pod{d.Name, d.Spec.Template})
	}
	for _, s := range kinds[*appsv1.StatefulSet](list) {
		all = append(all, pod{s.Name, s.Spec.Template})
	}
	return all
}

func TestPodsAreRestricted(t *testing.T) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	level := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	all := pods(objects(t))
	if len(all) != 2 {
		t.Fatalf("%d workloads, want ringtail and postgres", len(all))
	}
	for _, p := range all {
		if r := policy.AggregateCheckResults(evaluator.EvaluatePod(level, &p.ObjectMeta, &p.Spec)); !r.Allowed {
			t.Errorf("%s: %s", p.workload, r.ForbiddenDetail())
		}
		for _, c := range p.Spec.Containers {
			if c.ReadinessProbe == nil || c.LivenessProbe == nil || c.Resources.Limits.Memory().IsZero() || c.Resources.Requests.Cpu().IsZero() {
				t.Errorf("%s: a container without probes, or without bounds", p.workload)
			}
			if c.SecurityContext.ReadOnlyRootFilesystem == nil || !*c.SecurityContext.ReadOnlyRootFilesystem {
				t.Errorf("%s: its files can be changed", p.workload)
			}
		}
		if p.Spec.AutomountServiceAccountToken == nil || *p.Spec.AutomountServiceAccountToken {
			t.Errorf("%s: its pods hold a token for the cluster", p.workload)
		}
	}
}

// TestNamesLeadSomewhere: selectors find pods, ports and volumes are there.
func TestNamesLeadSomewhere(t *testing.T) {
	list := objects(t)
	all := pods(list)
	finds := func(what string, selector labels.Selector) *pod {
		for i := range all {
			if selector.Matches(labels.Set(all[i].Labels)) {
				return &all[i]
			}
		}
		t.Errorf("%s finds no pod", what)
		return nil
	}
	named := map[string]bool{}
	for _, c := range kinds[*corev1.ConfigMap](list) {
		named[c.Name] = true
	}
	for _, s := range kinds[*corev1.Secret](list) {
		named[s.Name] = true
	}
	for _, s := range kinds[*corev1.Service](list) {
		p := finds("service "+s.Name, labels.SelectorFromSet(s.Spec.Selector))
		for _, port := range s.Spec.Ports {
			if p != nil && !p.listens(port.TargetPort.StrVal) {
				t.Errorf("service %s: no port %s", s.Name, port.TargetPort.StrVal)
			}
		}
	}
	for _, b := range kinds[*policyv1.PodDisruptionBudget](list) {
		finds("budget "+b.Name, selectorOf(t, b.Spec.Selector))
	}
	for _, n := range kinds[*networkingv1.NetworkPolicy](list) {
		p := finds("policy "+n.Name, selectorOf(t, &n.Spec.PodSelector))
		for _, in := range n.Spec.Ingress {
			for _, port := range in.Ports {
				if p != nil && !p.listens(port.Port.StrVal) {
					t.Errorf("policy %s: no port %s", n.Name, port.Port)
				}
			}
		}
	}
	for _, p := range all {
		p.volumesExist(t, named)
	}
}

func selectorOf(t *testing.T, s *metav1.LabelSelector) labels.Selector {
	t.Helper()
	selector, err := metav1.LabelSelectorAsSelector(s)
	if err != nil {
		t.Fatal(err)
	}
	return selector
}

func (p *pod) listens(name string) bool {
	for _, c := range p.Spec.Containers {
		for _, port := range c.Ports {
			if port.Name == name {
				return true
			}
		}
	}
	return false
}

func (p *pod) volumesExist(t *testing.T, named map[string]bool) {
	t.Helper()
	volumes := map[string]bool{"data": p.workload == "postgres"} // a claim's
	for _, v := range p.Spec.Volumes {
		volumes[v.Name] = true
		if v.ConfigMap != nil && !named[v.ConfigMap.Name] || v.Secret != nil && !named[v.Secret.SecretName] {
			t.Errorf("%s: volume %s is made of what isn't there", p.workload, v.Name)
		}
	}
	for _, c := range p.Spec.Containers {
		for _, m := range c.VolumeMounts {
			if !volumes[m.Name] {
				t.Errorf("%s mounts %s, which isn't there", p.workload, m.Name)
			}
		}
	}
}

// TestThreeNodesStay: neither an upgrade nor a drained machine takes more than one.
func TestThreeNodesStay(t *testing.T) {
	list := objects(t)
	d := kinds[*appsv1.Deployment](list)[0]
	b := kinds[*policyv1.PodDisruptionBudget](list)[0]
	if *d.Spec.Replicas != 3 || d.Spec.Strategy.RollingUpdate.MaxUnavailable.IntValue() != 0 || b.Spec.MaxUnavailable.IntValue() != 1 {
		t.Errorf("%d replicas, %s unavailable in an upgrade, %s when machines are drained", *d.Spec.Replicas, d.Spec.Strategy.RollingUpdate.MaxUnavailable, b.Spec.MaxUnavailable)
	}
}
