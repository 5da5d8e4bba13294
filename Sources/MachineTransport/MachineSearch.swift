import CLibvirt
import Connections
import Glibc

/// Finds out where a virtual machine is entered: libvirt's calls, which block.
struct MachineSearch {
    private let library: Libvirt
    private let connection: virConnectPtr
    /// A connection that may only read cannot ask the guest's agent.
    private let mayAskAgent: Bool

    /// Finds the way in.
    /// - Parameters:
    ///   - begin: told of each phase.
    /// - Throws: MachineFailure.
    static func route(
        to place: MachinePlace,
        library name: String = Libvirt.libraryName,
        _ begin: (ConnectionPhase) -> Void
    ) throws(MachineFailure) -> MachineRoute {
        begin(.libvirt)
        let search = try MachineSearch(place.hypervisor?.text, Libvirt(name))
        defer { _ = search.library.close(search.connection) }
        begin(.domain)
        let domain = try search.find(place.name)
        defer { _ = search.library.free(domain) }
        try search.checkRuns(domain)
        if place.way != .channel { begin(.address) }
        return try choose(
            place.way,
            address: { () throws(MachineFailure) in try search.address(of: domain) },
            description: { () throws(MachineFailure) in try search.description(of: domain) },
            isLocal: search.isLocal
        )
    }

    /// The network first; vsock, over which the same server is logged into, where libvirt knows no address; and the channel,
    /// which asks for no login, where it was asked for.
    /// - Parameter isLocal: whether the hypervisor is this computer's.
    static func choose(
        _ way: MachinePlace.Way?,
        address: () throws(MachineFailure) -> String,
        description: () throws(MachineFailure) -> MachineDescription,
        isLocal: Bool
    ) throws(MachineFailure) -> MachineRoute {
        switch way {
        case .network: return .address(try address())
        case .vsock:
            guard isLocal else { throw .elsewhere }
            guard let number = try description().vsock else { throw .noVsock }
            return .vsock(number)
        case .channel:
            guard isLocal else { throw .elsewhere }
            guard let channel = try description().channel else { throw .noChannel }
            guard let socket = channel.socket else { throw .channelNotSocket }
            guard channel.isOpen != false else { throw .channelIdle }
            return .channel(socket)
        case nil:
            do throws(MachineFailure) {
                return .address(try address())
            } catch {
                guard isLocal, let number = try description().vsock else { throw error }
                return .vsock(number)
            }
        }
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

    private func description(of domain: virDomainPtr) throws(MachineFailure) -> MachineDescription {
        guard let text = library.description(domain, 0) else { throw .failed(library.failure.words) }
        defer { Glibc.free(text) }
        return try MachineDescription(bounded: text)
    }

    /// Whether the hypervisor that is connected to is this computer's, also where libvirt chose it.
    private var isLocal: Bool {
        guard let text = library.address(connection) else { return false }
        defer { Glibc.free(text) }
        return HypervisorAddress(String(cString: text)).isLocal
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
        Glibc.free(interfaces)
        return found
    }
}
