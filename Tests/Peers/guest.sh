#!/bin/sh
# A small virtual machine, whose guest is Debian's kernel, busybox and one program: it serves the channel org.psrun.0 from
# the guest's start on. Software emulation alone, so that any computer runs it.
#
# usage: guest.sh fetch FOLDER            makes FOLDER/vmlinuz and FOLDER/modules, of Debian's packages
#        guest.sh run FOLDER PROGRAM SOCKET
#                                         runs PROGRAM --channel in a guest, whose channel is SOCKET on this side; the guest's
#                                         console is standard output
set -eu

# In the order of their loading.
modules='virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_console'

fetch() {
    [ -e "$1/vmlinuz" ] && return 0
    mkdir -p "$1"
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    architecture=$(dpkg --print-architecture)
    # What the package for the newest kernel depends on.
    kernel=$(apt-cache depends --important "linux-image-cloud-$architecture" | sed -n 's/^ *Depends: *\(linux-image-[0-9].*\)/\1/p' | head -n 1)
    [ -n "$kernel" ] || { echo "apt knows no linux-image-cloud-$architecture" >&2; exit 1; }
    (cd "$work" && apt-get download -qq "$kernel" && dpkg-deb -x ./*.deb tree)
    mkdir "$work/modules"
    for module in $modules; do
        file=$(find "$work/tree/lib/modules" "$work/tree/usr/lib/modules" -name "$module.ko*" 2>/dev/null | head -n 1)
        case $file in
        *.xz) xz -dc "$file" >"$work/modules/$module.ko" ;;
        *.ko) cp "$file" "$work/modules/" ;;
        # Some kernels have it built in.
        esac
    done
    rm -rf "$1/modules"
    mv "$work/modules" "$1/modules"
    cp "$work"/tree/boot/vmlinuz-* "$1/vmlinuz.new"
    mv "$1/vmlinuz.new" "$1/vmlinuz"
}

initrd() {
    root=$(mktemp -d)
    trap 'rm -rf "$root"' EXIT
    mkdir -p "$root/bin" "$root/etc" "$root/proc" "$root/sys" "$root/dev" "$root/tmp" "$root/modules"
    cp /bin/busybox "$root/bin/busybox"
    cp "$2" "$root/bin/psrun-endpoint"
    cp "$1"/modules/*.ko "$root/modules/" 2>/dev/null || true
    echo 'root:x:0:0:root:/:/bin/sh' >"$root/etc/passwd"
    cat >"$root/init" <<EOF
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin HOME=/
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
hostname guest
for module in $modules; do [ ! -e /modules/\$module.ko ] || insmod /modules/\$module.ko; done
while :; do
    psrun-endpoint --channel
    sleep 0.2
done
EOF
    chmod 755 "$root/init"
    (cd "$root" && find . | /bin/busybox cpio -o -H newc 2>/dev/null)
}

case $1 in
fetch) fetch "$2" ;;
run)
    folder=$2 program=$3 socket=$4
    initrd "$folder" "$program" >"$socket.initrd"
    exec qemu-system-x86_64 -machine q35 -accel tcg -cpu max -m 256 -nodefaults -display none -no-reboot \
        -kernel "$folder/vmlinuz" -initrd "$socket.initrd" -append 'console=ttyS0 quiet panic=-1' -serial stdio \
        -device virtio-serial-pci -chardev "socket,id=c0,path=$socket,server=on,wait=off" \
        -device virtserialport,chardev=c0,name=org.psrun.0
    ;;
*)
    echo "usage: guest.sh fetch FOLDER | run FOLDER PROGRAM SOCKET" >&2
    exit 2
    ;;
esac
