#!/bin/sh
# Shadows settings that all hosts of the lab share with the machine that runs it: a host reads and writes a copy of its
# own, the machine's stay as they are. Settings below net/ are the host's own anyway.
set -eu

shadows=/run/drover-lab/shadows
settings='
  fs/aio-max-nr fs/file-max fs/inotify/max_user_instances fs/inotify/max_user_watches fs/protected_fifos
  fs/protected_hardlinks fs/protected_regular fs/protected_symlinks fs/suid_dumpable
  kernel/core_pattern kernel/core_uses_pid kernel/keys/root_maxbytes kernel/keys/root_maxkeys kernel/panic
  kernel/panic_on_oops kernel/pid_max kernel/printk kernel/sysrq kernel/threads-max kernel/yama/ptrace_scope
  vm/max_map_count vm/overcommit_memory vm/panic_on_oom vm/swappiness
'

mkdir -p "$shadows"
for setting in $settings; do
  [ -e "/proc/sys/$setting" ] || continue
  copy="$shadows/$(echo "$setting" | tr / .)"
  cat "/proc/sys/$setting" >"$copy"
  mount --bind "$copy" "/proc/sys/$setting"
done

# what the machine swaps to is none of this host's business: without this "swapoff --all" would turn it off
head -n 1 /proc/swaps >"$shadows/swaps"
mount --bind "$shadows/swaps" /proc/swaps

# kubelet wants mounts of pods to be seen by other pods
mount --make-rshared /
