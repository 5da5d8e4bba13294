/// A port of a virtual machine (vsock(7)).
package struct VsockAddress: Sendable, Hashable {
    package let contextID: UInt32
    package let port: UInt32

    package init(contextID: UInt32, port: UInt32) {
        self.contextID = contextID
        self.port = port
    }

    /// AF_VSOCK of linux/socket.h.
    package static let family: Int32 = 40

    /// struct sockaddr_vm of linux/vm_sockets.h, in the order of its bytes on this computer.
    package var bytes: [UInt8] {
        func raw(_ number: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: number) { Array($0) } }
        return raw(UInt16(Self.family)) + raw(UInt16(0)) + raw(port) + raw(contextID) + raw(UInt32(0))
    }
}
