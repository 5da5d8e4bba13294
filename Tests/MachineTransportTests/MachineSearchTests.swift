import Connections
import PSRunTestSupport
import Testing

@testable import MachineTransport

/// libvirt's test driver: machines that are only looked up.
struct MachineSearchTests {
    private static let id = "6695eb01-f6a4-8304-79aa-97f2502e193f"
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func place(_ name: MachinePlace.Name, at hypervisor: String = "test:///default") -> MachinePlace {
        MachinePlace(name, hypervisor: hypervisor, user: "op")
    }

    /// A node of the test driver's with machines: a name, a UUID, a state and whether it has an interface.
    private func node(_ machines: [(name: String, id: String, state: String, interfaces: String)]) throws -> String {
        let domains = machines.map { machine in
            """
            <domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
            <name>\(machine.name)</name><uuid>\(machine.id)</uuid><memory>1024</memory>
            <test:runstate>\(machine.state)</test:runstate><os><type>hvm</type></os>
            <devices>\(machine.interfaces)</devices></domain>
            """
        }
        let path = try folder.write("<node>\(domains.joined())</node>", to: "node.xml")
        return "test://\(path)"
    }

    private func search(_ place: MachinePlace) throws -> (route: MachineRoute, phases: [ConnectionPhase]) {
        var phases: [ConnectionPhase] = []
        let route = try MachineSearch.route(to: place) { phases.append($0) }
        return (route, phases)
    }

    @Test("A machine is found by its name, and by its UUID in each way in which one is written")
    func found() throws {
        let byName = try search(place(.name("test")))
        #expect(byName.phases == [.libvirt, .domain, .address])
        for text in [Self.id, Self.id.uppercased(), "{\(Self.id)}", Self.id.filter { $0 != "-" }] {
            let id = try #require(MachinePlace.id(text))
            #expect(try search(place(id)).route == byName.route)
        }
        #expect(MachinePlace.id("test") == nil && MachinePlace.id("\(Self.id)0") == nil)
    }

    @Test("A name is never taken for a number or a UUID, nor a UUID for a name")
    func exact() throws {
        // The default machine has the number 1.
        #expect(throws: MachineFailure.unknown) { try search(place(.name("1"))) }
        #expect(throws: MachineFailure.unknown) { try search(place(.name(Self.id))) }
        let other = "00000000-0000-4000-8000-000000000001"
        let here = try node([(name: Self.id, id: other, state: "5", interfaces: "")])
        #expect(throws: MachineFailure.notRunning(state: "shut off")) { try search(place(.name(Self.id), at: here)) }
        #expect(throws: MachineFailure.unknown) { try search(place(.id(Self.id), at: here)) }
    }

    @Test(
        "A machine that does not run is told by its state",
        arguments: [("3", "paused"), ("4", "being shut down"), ("5", "shut off"), ("6", "crashed")]
    )
    func states(state: String, words: String) throws {
        let here = try node([(name: "web", id: "00000000-0000-4000-8000-000000000001", state: state, interfaces: "")])
        #expect(throws: MachineFailure.notRunning(state: words)) { try search(place(.name("web"), at: here)) }
    }

    @Test("A machine without an address is told as such")
    func noAddress() throws {
        let here = try node([(name: "web", id: "00000000-0000-4000-8000-000000000001", state: "1", interfaces: "")])
        #expect(throws: MachineFailure.noAddress) { try search(place(.name("web"), at: here)) }
    }

    @Test("A libvirt that cannot be reached, and one that is not here, are told apart")
    func notThere() throws {
        do {
            _ = try search(place(.name("web"), at: "qemu+unix:///system?socket=/nonexistent"))
            Issue.record("somebody answered")
        } catch {
            guard case .notConnected(let words) = error as? MachineFailure else { throw error }
            #expect(words.contains("/nonexistent"))
        }
        do {
            _ = try MachineSearch.route(to: place(.name("web")), library: "libnosuch.so.0") { _ in }
            Issue.record("a library was loaded")
        } catch {
            guard case .noLibrary(let words) = error else { throw error }
            #expect(words.contains("libnosuch.so.0"))
        }
    }

    private static let devices = """
        <vsock model='virtio'><cid auto='no' address='7'/></vsock>
        <channel type='unix'><source mode='bind' path='/run/web.sock'/>
        <target type='virtio' name='org.psrun.0' state='connected'/></channel>
        """

    /// The one machine of a node of the test driver's, by each way.
    private func routed(_ way: MachinePlace.Way?, _ devices: String) throws -> MachineRoute {
        let id = "00000000-0000-4000-8000-000000000001"
        let here = try node([(name: "web", id: id, state: "1", interfaces: devices)])
        return try search(MachinePlace(.name("web"), hypervisor: here, user: "op", way: way)).route
    }

    @Test("Where vsock and the channel lead is what libvirt's description of the machine says")
    func ways() throws {
        #expect(try routed(.vsock, Self.devices) == .vsock(7))
        #expect(try routed(.channel, Self.devices) == .channel("/run/web.sock"))
        // Without an address SSH goes over vsock; the channel, which asks for no login, is never chosen by itself.
        #expect(try routed(nil, Self.devices) == .vsock(7))
        #expect(throws: MachineFailure.noAddress) { try routed(.network, Self.devices) }
        #expect(throws: MachineFailure.noAddress) { try routed(nil, "") }
        #expect(throws: MachineFailure.noVsock) { try routed(.vsock, "") }
        #expect(throws: MachineFailure.noChannel) { try routed(.channel, "") }
    }

    @Test("What leads through this computer is not taken to another one's machine")
    func elsewhere() throws {
        func choose(_ way: MachinePlace.Way?, isLocal: Bool) throws -> MachineRoute {
            try MachineSearch.choose(
                way,
                address: { () throws(MachineFailure) in throw .noAddress },
                description: { MachineDescription("<domain><devices>\(Self.devices)</devices></domain>") },
                isLocal: isLocal
            )
        }
        for way in [MachinePlace.Way.vsock, .channel] {
            #expect(throws: MachineFailure.elsewhere) { try choose(way, isLocal: false) }
        }
        #expect(throws: MachineFailure.noAddress) { try choose(nil, isLocal: false) }
        #expect(try choose(nil, isLocal: true) == .vsock(7))
    }

    @Test("A lease goes before the agent and that before ARP, and a missing agent is not a missing address")
    func order() throws {
        let address = MachineAddress(interface: "eth0", text: "10.0.0.2", isIPv4: true)
        var asked: [MachineAddress.Source] = []
        let found = try MachineSearch.choose { source in
            asked.append(source)
            return source == .agent ? .told([address]) : .told([])
        }
        #expect(found == "10.0.0.2" && asked == [.lease, .agent])
        #expect(try MachineSearch.choose { $0 == .arp ? .told([address]) : .silent("no") } == "10.0.0.2")
        #expect(throws: MachineFailure.noAgent(words: "no agent")) {
            try MachineSearch.choose { $0 == .agent ? .silent("no agent") : .told([]) }
        }
        // ARP's table is not there for every kind of machine.
        #expect(throws: MachineFailure.noAddress) {
            try MachineSearch.choose { $0 == .arp ? .silent("no") : .told([]) }
        }
    }

    @Test("Of addresses the first of IPv4 is taken, then of IPv6, and none that leads nowhere")
    func best() {
        func one(_ text: String, _ interface: String = "eth0") -> MachineAddress {
            MachineAddress(interface: interface, text: text, isIPv4: !text.contains(":"))
        }
        #expect(
            MachineAddress.best(of: [one("127.0.0.1", "lo"), one("fe80::1"), one("fd00::1"), one("10.0.0.2")])
                == one("10.0.0.2")
        )
        #expect(MachineAddress.best(of: [one("::1"), one("fe80::1"), one("fd00::1")]) == one("fd00::1"))
        #expect(MachineAddress.best(of: [one("127.0.0.1", "lo"), one("169.254.1.1")]) == nil)
    }
}
