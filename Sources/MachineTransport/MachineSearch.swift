import CLibvirt
import Connections
import Glibc

/// Finds out where a virtual machine is: libvirt's calls, which block.
struct MachineSearch {
    private let library: Libvirt
    private let connection: virConnectPtr
    /// A connection that may only read cannot ask the guest's agent.
    private let mayAskAgent: Bool

    /// Finds the address to connect to.
    /// - Parameters:
    ///   - begin: told of each phase.
    /// - Throws: MachineFailure.
    static func address(
        of place: MachinePlace,
        library name: String = Libvirt.libraryName,
        _ begin: (ConnectionPhase) -> Void
    ) throws(MachineFailure) -> String {
        begin(.libvirt)
        let search = try MachineSearch(place.hypervisor, Libvirt(name))
        defer { _ = search.library.close(search.connection) }
        begin(.domain)
        let domain = try search.find(place.name)
        defer { _ = search.library.free(domain) }
        try search.checkRuns(domain)
        begin(.address)
        return try search.address(of: domain)
    }

    private init(_ hypervisor: String?, _ library: Libvirt) throws(MachineFailure) {
        self.library = library
        if let connection = library.connect(hypervisor) {
            (self.connection, mayAskAgent) = (connection, true)
            return
        }
        let words = library.failure.words
        guard let connection = library.connectToRead(hypervisor) else { throw .notConnected(words) }
        (self.connection, mayAskAgent) = (connection, false)
    }

    private func find(_ name: MachinePlace.Name) throws(MachineFailure) -> virDomainPtr {
        let found =
            switch name {
            case .name(let name): library.findByName(connection, name)
            case .id(let id): library.findByID(connection, id)
            }
        if let found { return found }
        let (code, words) = library.failure
        throw code == VIR_ERR_NO_DOMAIN ? .unknown : .failed(words)
    }

    private func checkRuns(_ domain: virDomainPtr) throws(MachineFailure) {
        var (state, reason): (Int32, Int32) = (0, 0)
        guard library.state(domain, &state, &reason, 0) == 0 else { throw .failed(library.failure.words) }
        switch virDomainState(rawValue: UInt32(bitPattern: state)) {
        // Blocked on a resource is running, as far as anybody outside can tell.
        case VIR_DOMAIN_RUNNING, VIR_DOMAIN_BLOCKED: break
        case VIR_DOMAIN_PAUSED: throw .notRunning(state: "paused")
        case VIR_DOMAIN_SHUTDOWN: throw .notRunning(state: "being shut down")
        case VIR_DOMAIN_SHUTOFF: throw .notRunning(state: "shut off")
        case VIR_DOMAIN_CRASHED: throw .notRunning(state: "crashed")
        case VIR_DOMAIN_PMSUSPENDED: throw .notRunning(state: "suspended by its guest")
        default: throw .notRunning(state: "in a state that is not known (\(state))")
        }
    }

    private func address(of domain: virDomainPtr) throws(MachineFailure) -> String {
        try Self.choose { source in
            guard source != .agent || mayAskAgent else { return .silent("this user may only read of libvirt") }
            return addresses(of: domain, source).map { .told($0) } ?? .silent(library.failure.words)
        }
    }

    /// What a source of addresses answers.
    enum Answer {
        case told([MachineAddress])
        /// It has no answer, for this reason.
        case silent(String)
    }

    /// The first source that has an address decides; no other is asked then.
    static func choose(_ ask: (MachineAddress.Source) -> Answer) throws(MachineFailure) -> String {
        var noAgent: String?
        for source in MachineAddress.Source.allCases {
            switch ask(source) {
            case .told(let addresses): if let best = MachineAddress.best(of: addresses) { return best.text }
            case .silent(let words): if source == .agent { noAgent = words }
            }
        }
        if let noAgent { throw .noAgent(words: noAgent) }
        throw .noAddress
    }

    /// - Returns: nil where that source does not answer.
    private func addresses(of domain: virDomainPtr, _ source: MachineAddress.Source) -> [MachineAddress]? {
        var interfaces: Libvirt.Interfaces?
        let count = library.addresses(domain, &interfaces, source.rawValue, 0)
        guard count >= 0 else { return nil }
        guard let interfaces else { return [] }
        var found: [MachineAddress] = []
        for interface in UnsafeBufferPointer(start: interfaces, count: Int(count)) {
            defer { library.freeInterface(interface) }
            guard let one = interface?.pointee, let name = one.name else { continue }
            for address in UnsafeBufferPointer(start: one.addrs, count: Int(one.naddrs)) {
                guard let text = address.addr else { continue }
                found.append(
                    MachineAddress(
                        interface: String(cString: name),
                        text: String(cString: text),
                        isIPv4: address.type == Int32(VIR_IP_ADDR_TYPE_IPV4.rawValue)
                    )
                )
            }
        }
        free(interfaces)
        return found
    }
}
