#!/bin/bash
# Starts Slurm's own daemons as root in a folder and a network of their own, and has them run job arrays of
# `psrun targets --shard`; each task leaves DIR/ARRAY.ID.out, .err and .code. Nothing is left running.
#
# Usage: slurm.sh DIR PSRUN INVENTORY ARRAY[=SHARD]…    for example slurm.sh /tmp/x psrun hosts.ini 0-3 1-10:3=auto
set -eu
dir=$1 psrun=$2 inventory=$3
shift 3
if [ -z "${SLURM_ALONE:-}" ]; then
    SLURM_ALONE=1 exec timeout --signal=KILL 60 unshare --net --uts --pid --fork --mount-proc --kill-child \
        "$0" "$dir" "$psrun" "$inventory" "$@" </dev/null
fi
hostname localhost
ip link set lo up
# getaddrinfo has nothing to bind to where there is none but 127.0.0.1.
ip address add 192.0.2.1/32 dev lo
cd "$dir"
mkdir -p state spool
chmod 700 .
export SLURM_CONF=$dir/slurm.conf
dd if=/dev/urandom of=munge.key bs=32 count=1 status=none
chmod 600 munge.key
cat >slurm.conf <<EOF
ClusterName=psrun
SlurmctldHost=localhost(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket
CredType=cred/munge
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/linear
SchedulerType=sched/builtin
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd.log
SlurmctldTimeout=10
SlurmdTimeout=10
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0
NodeName=localhost NodeAddr=127.0.0.1 CPUs=1
PartitionName=all Nodes=localhost Default=YES MaxTime=1 State=UP OverSubscribe=FORCE:64
EOF
munged --foreground --force --socket "$dir/munge.socket" --key-file "$dir/munge.key" --pid-file "$dir/munged.pid" \
    --seed-file "$dir/munged.seed" --log-file "$dir/munged.log" --num-threads 1 >munged.out 2>&1 &
slurmctld -D -i >slurmctld.out 2>&1 &
slurmd -D -N localhost >slurmd.out 2>&1 &
for _ in {1..100}; do
    timeout 2 sinfo -h -o %t 2>/dev/null | grep -q idle && break
    sleep 0.2
done
for array in "$@"; do
    shard=auto
    case $array in *=*) shard=${array#*=} array=${array%%=*} ;; esac
    cat >job <<EOF
#!/bin/sh
out=$dir/$array.\$SLURM_ARRAY_TASK_ID
'$psrun' targets -i '$inventory' --shard '$shard' >\$out.out 2>\$out.err
echo \$? >\$out.code
EOF
    timeout 10 sbatch --quiet --array="$array" --output=/dev/null job
done
for _ in {1..200}; do
    left=$(timeout 5 squeue -h) && [ -z "$left" ] && exit 0
    sleep 0.2
done
echo "still queued: $left" >&2
exit 1
