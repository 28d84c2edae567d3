{{- define "app.name" -}}
{{- required "name: give the application's name" .Values.name -}}
{{- end -}}

{{- define "app.selector" -}}
app.kubernetes.io/name: {{ include "app.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "app.labels" -}}
{{ include "app.selector" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
drover/team: {{ required "team: give the team that owns the application" .Values.team }}
{{- range $part := list "cloud" "env" "region" "cluster" }}
drover/{{ $part }}: {{ index $.Values.global $part | quote }}
{{- end }}
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
