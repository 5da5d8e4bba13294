/// Where a virtual machine is entered.
package enum MachineRoute: Sendable, Hashable {
    /// Its address in a network.
    case address(String)
    /// Its context id (vsock(7)).
    case vsock(UInt32)
    /// The socket of its channel in the file system.
    case channel(String)
}
