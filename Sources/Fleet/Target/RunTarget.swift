package import ContainerTransport
package import KeptSessions
package import MachineTransport
package import PipeTransport
package import SSHTransport
package import WinRMParameters

/// Where one session of a run is entered.
package struct RunTarget: Sendable, Hashable {
    /// The way in, with what it needs to know of this target.
    package enum Place: Sendable, Hashable {
        /// A process on this computer.
        case local
        /// A process that runs on this computer already.
        case pipe(PipePlace)
        /// A session that the broker keeps.
        case kept(KeptSessionChoice)
        /// A container on this computer.
        case container(ContainerPlace)
        case ssh(SSHTarget)
        /// A virtual machine of libvirt's, over SSH: how it is logged into, but for its address.
        case machine(MachinePlace, SSHTarget)
        /// A service of WinRM's.
        case winRM(WSManPlace)
    }

    package let place: Place
    /// What results, messages and recordings call it: `op@web01:2222`.
    package let name: String
    /// What its prompt calls it: `op@web01`.
    package let label: String
    /// What warnings about prompts call it: `web01`.
    package let computerName: String
    /// Which of the run's kinds of settings it has, from 1; 0 for what the run has.
    package let kind: Int

    /// Where it is reached: a name or an address; nil on this computer.
    package var address: String? {
        switch place {
        case .ssh(let target): target.host
        case .winRM(let place): place.target.url.host
        case .local, .pipe, .kept, .container, .machine: nil
        }
    }

    /// How it is logged into over SSH; nil where that is not the way in.
    package var ssh: SSHTarget? {
        switch place {
        case .ssh(let target), .machine(_, let target): target
        case .local, .pipe, .kept, .container, .winRM: nil
        }
    }

    /// What it is over WinRM; nil where that is not the way in.
    package var winRM: WSManTarget? {
        if case .winRM(let place) = place { place.target } else { nil }
    }

    /// The address and the login of a session over WinRM, for people; nil on every other way.
    package var wayShown: String? {
        winRM.map { target in
            let user = target.login.user.map { " as \($0)" } ?? ""
            let proxy = target.proxy.map { ", through the proxy \($0.shown)" } ?? ""
            return "\(target.url.text), \(target.login.name)\(user)\(proxy)"
        }
    }

    package static let local = local(kind: 0)

    package init(_ place: PipePlace, kind: Int = 0) {
        self.init(.pipe(place), name: place.label, label: place.label, computerName: "localhost", kind: kind)
    }

    package init(_ session: KeptSessionChoice, kind: Int = 0) {
        let label = session.label
        self.init(.kept(session), name: label, label: label, computerName: "localhost", kind: kind)
    }

    package init(_ place: ContainerPlace, kind: Int = 0) {
        let container = place.container
        self.init(.container(place), name: place.label, label: container, computerName: container, kind: kind)
    }

    /// A virtual machine: ssh_config, known_hosts and passwords know it by its name, or its UUID.
    package init(_ place: MachinePlace, _ own: SSHHostOptions?, kind: Int = 0) {
        var target = SSHTarget(displayName: place.label, host: place.text, user: place.user)
        target.own = own
        self.init(
            .machine(place, target),
            name: place.label,
            label: "\(place.user)@\(place.text)",
            computerName: place.text,
            kind: kind
        )
    }

    /// A service of WinRM's: its prompt has the computer alone, as PowerShell's has.
    package init(_ place: WSManPlace, named name: String? = nil, kind: Int = 0) {
        let host = place.target.url.host
        self.init(
            .winRM(place),
            name: place.target.displayName,
            label: name ?? host,
            computerName: name ?? host,
            kind: kind
        )
    }

    /// The session on this computer.
    package static func local(kind: Int) -> RunTarget {
        RunTarget(.local, name: "localhost", label: "localhost", computerName: "localhost", kind: kind)
    }

    package init(_ place: Place, name: String, label: String, computerName: String, kind: Int = 0) {
        self.place = place
        self.name = name
        self.label = label
        self.computerName = computerName
        self.kind = kind
    }
}
