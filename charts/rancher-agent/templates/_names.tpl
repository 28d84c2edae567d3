{{/* Rancher looks for these names: it renders the same objects again and applies them once the agent is connected. */}}
{{- define "agent.namespace" -}}
cattle-system
{{- end }}

{{/* The secret's name follows its content, so that a new token restarts the agent. */}}
{{- define "agent.credentials" -}}
cattle-credentials-{{ printf "%s%s" .Values.url .Values.token | sha256sum | trunc 10 }}
{{- end }}

{{- define "agent.labels" -}}
app.kubernetes.io/managed-by: {{ .Release.Service }}
drover/cloud: {{ .Values.global.cloud | quote }}
drover/env: {{ .Values.global.env | quote }}
drover/region: {{ .Values.global.region | quote }}
drover/cluster: {{ .Values.global.cluster | quote }}
{{- end }}

{{/*
The release leaves everything behind when it goes: Rancher clears a cluster through this agent when the cluster is
deleted there, and a namespace whose finalizers nobody answers any more would never go.
*/}}
{{- define "agent.annotations" -}}
helm.sh/resource-policy: keep
{{- end }}
