{{/* What the agent is told: where Rancher is, how it is known, and that a cluster is managed and Rancher not run here. */}}
{{- define "agent.environment" -}}
- name: CATTLE_SERVER
  value: {{ required "url is required: the address of Rancher" .Values.url | quote }}
- name: CATTLE_CA_CHECKSUM
  value: {{ .Values.caChecksum | quote }}
- name: STRICT_VERIFY
  value: {{ ne .Values.caChecksum "" | quote }}
- name: CATTLE_CLUSTER
  value: "true"
- name: CATTLE_K8S_MANAGED
  value: "true"
- name: CATTLE_CREDENTIAL_NAME
  value: {{ include "agent.credentials" . }}
- name: CATTLE_FEATURES
  value: embedded-cluster-api=false,fleet=false,multi-cluster-management=false,multi-cluster-management-agent=true,provisioningv2=false,rke2=false
{{- end }}
