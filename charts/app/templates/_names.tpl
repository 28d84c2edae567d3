{{- define "app.name" -}}
{{- required "name: give the application's name" .Values.name | quote -}}
{{- end -}}

{{- define "app.selector" -}}
app.kubernetes.io/name: {{ include "app.name" . }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "app.podLabels" -}}
{{ include "app.selector" . }}
drover/team: {{ required "team: give the team that owns the application" .Values.team | quote }}
{{- range $part := list "cloud" "env" "region" "cluster" }}
drover/{{ $part }}: {{ index $.Values.global $part | quote }}
{{- end }}
{{- end -}}

{{- define "app.labels" -}}
{{ include "app.podLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
{{- end -}}

{{- define "app.image" -}}
{{- $image := .Values.image -}}
{{- $repository := required "image.repository: give the image without its tag" $image.repository -}}
{{- if $image.digest -}}
{{ $repository }}@{{ $image.digest }}
{{- else -}}
{{- $tag := required "image: give a tag or a digest" $image.tag -}}
{{- if eq $tag "latest" -}}
{{- fail "image.tag: 'latest' names another image every day; give a version" -}}
{{- end -}}
{{ $repository }}:{{ $tag }}
{{- end -}}
{{- end -}}
