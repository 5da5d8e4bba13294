import Testing

@testable import MachineTransport

struct HypervisorAddressTests {
    private func shown(_ text: String) -> String { HypervisorAddress(text).shown }

    @Test("A password is shown nowhere, and the rest as it is")
    func passwords() {
        let tag = "[redacted:password]"
        #expect(shown("esx://root:hunter2@vc.example/?no_verify=1") == "esx://root:\(tag)@vc.example/?no_verify=1")
        #expect(shown("esx://root:a:b@c@vc.example/x") == "esx://root:\(tag)@vc.example/x")
        #expect(shown("hyperv://u@h/?sslpassword=p%40w&port=1") == "hyperv://u@h/?sslpassword=\(tag)&port=1")
        #expect(shown("x://u:p@h/?token=t;a=b#c") == "x://u:\(tag)@h/?token=\(tag);a=b#c")
        for plain in ["qemu:///system", "qemu+ssh://op@host7:22/system", "test:///default", "esx://u:@h/", "", "a:b@c"]
        {
            #expect(shown(plain) == plain && HypervisorAddress(plain).secrets.isEmpty)
        }
        #expect(HypervisorAddress("esx://root:p%40w@h/").secrets == ["p%40w", "p@w"])
    }

    @Test("Words of libvirt's on it do not have the password either, as it stands there or as it is meant")
    func words() {
        let address = HypervisorAddress("esx://root:p%40w@h/")
        let said = address.hidden(in: "no connection to esx://root:p%40w@h/: 'p@w' is refused")
        #expect(said == "no connection to esx://root:[redacted:password]@h/: '[redacted:password]' is refused")
    }

    @Test("Machines are this computer's where libvirt is reached by a file of its own")
    func local() {
        let here = [
            "qemu:///system", "qemu+unix:///system?socket=/run/s", "test:///default", "test:///a/b.xml", "lxc:///",
        ]
        for text in here { #expect(HypervisorAddress(text).isLocal, "\(text)") }
        let there = [
            "qemu+ssh://h/system", "qemu+tcp://h/system", "qemu://h/system", "qemu+ext:///system?command=/bin/nc",
            "qemu+ssh:///system", "qemu+libssh2://u@h/system", "esx://h/",
        ]
        for text in there { #expect(!HypervisorAddress(text).isLocal, "\(text)") }
    }
}
