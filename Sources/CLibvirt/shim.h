// Types of libvirt's, and no library: that is loaded where a virtual machine is entered (MachineTransport/Libvirt.swift).
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
