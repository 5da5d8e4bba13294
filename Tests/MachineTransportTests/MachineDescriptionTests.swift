import Testing

@testable import MachineTransport

struct MachineDescriptionTests {
    private func description(_ devices: String, around: String = "") -> MachineDescription {
        MachineDescription(
            "<?xml version='1.0'?><!-- > --><domain type='kvm' id='3'>\(around)<devices>\(devices)</devices></domain>"
        )
    }

    @Test("The context id and the channel's socket are read where libvirt has them")
    func read() {
        // As libvirt 9 writes it of a running machine.
        let found = description(
            """
              <channel type='unix'>
                <source mode='bind' path='/var/lib/libvirt/qemu/channel/target/domain-3-web/org.qemu.guest_agent.0'/>
                <target type='virtio' name='org.qemu.guest_agent.0' state='disconnected'/>
                <alias name='channel0'/>
              </channel>
              <channel type='unix'>
                <source mode='bind' path='/var/lib/libvirt/qemu/channel/target/domain-3-a &amp; b/org.psrun.0'/>
                <target type='virtio' name='org.psrun.0' state='connected'/>
                <address type='virtio-serial' controller='0' bus='0' port='2'/>
              </channel>
              <vsock model='virtio'><cid auto='yes' address='4294967294'/><alias name='vsock0'/></vsock>
            """
        )
        let socket = "/var/lib/libvirt/qemu/channel/target/domain-3-a & b/org.psrun.0"
        #expect(found.channel == .init(socket: socket, isOpen: true))
        #expect(found.vsock == UInt32.max - 1)
    }

    @Test("A channel that nobody in the guest has opened, and one that is no socket, are told apart")
    func channels() {
        let target = "<target type='virtio' name='org.psrun.0' state='disconnected'/>"
        let idle = description("<channel type='unix'><source mode='bind' path='/s'/>\(target)</channel>")
        #expect(idle.channel == .init(socket: "/s", isOpen: false))
        let far = description("<channel type='unix'><source mode='connect' path='/s'/>\(target)</channel>")
        #expect(far.channel == .init(socket: nil, isOpen: false))
        let pty = description("<channel type='pty'><source path='/dev/pts/1'/>\(target)</channel>")
        #expect(pty.channel == .init(socket: nil, isOpen: false))
        #expect(
            description("<channel type='unix'><target type='guestfwd' name='org.psrun.0'/></channel>").channel == nil
        )
    }

    @Test("Context ids of nobody's, and what stands elsewhere in the document, count for nothing")
    func decoys() {
        for number in ["0", "1", "2", "4294967295", "4294967296", "-1", "x", ""] {
            #expect(description("<vsock><cid auto='no' address='\(number)'/></vsock>").vsock == nil)
        }
        let decoy = "<devices><vsock><cid address='9'/></vsock></devices>"
        let around =
            "<metadata><a:b xmlns:a='u'>\(decoy)</a:b></metadata><description><![CDATA[\(decoy)]]>\(decoy)</description>"
        #expect(description("<hostdev><vsock><cid address='9'/></vsock></hostdev>", around: around).vsock == nil)
        #expect(description("<!-- <vsock><cid address='9'/></vsock> -->", around: "<!-- -- -->").vsock == nil)
    }

    @Test("What is not XML any more ends the reading, wherever that is")
    func cut() {
        let whole =
            "<domain a=\"1\"><devices><vsock model='virtio'><cid auto='no' address='7'/></vsock></devices></domain>"
        #expect(MachineDescription(whole).vsock == 7)
        for length in 0..<whole.utf8.count {
            let part = MachineDescription(String(whole.prefix(length)))
            #expect(part.vsock == nil || part.vsock == 7)
            #expect(part.channel == nil)
        }
        #expect(MachineDescription("<domain <>").vsock == nil)
        #expect(MachineDescription(String(repeating: "<a>", count: 100_000)).vsock == nil)
    }
}
