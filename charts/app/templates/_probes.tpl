{{- define "app.probes" -}}
startupProbe:
  httpGet:
    path: {{ .Values.probes.livenessPath | quote }}
    port: http
  periodSeconds: 5
  failureThreshold: {{ max 1 (div (int .Values.probes.startupSeconds) 5) }}
livenessProbe:
  httpGet:
    path: {{ .Values.probes.livenessPath | quote }}
    port: http
  periodSeconds: 10
  timeoutSeconds: 3
readinessProbe:
  httpGet:
    path: {{ .Values.probes.readinessPath | quote }}
    port: http
  periodSeconds: 5
  timeoutSeconds: 3
{{- end -}}
