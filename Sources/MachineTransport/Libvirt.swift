import CLibvirt
import Glibc

/// libvirt's C library, as far as psrun needs it; loaded when a virtual machine is entered.
///
/// It is not linked: it brings fifty libraries, which would have to be installed, and be loaded at each start, for those
/// who have no virtual machine as well. Its interface has been stable since 2005, and what is used here since 1.2.14.
struct Libvirt {
    typealias Connect = @convention(c) (UnsafePointer<CChar>?) -> virConnectPtr?
    typealias Find = @convention(c) (virConnectPtr?, UnsafePointer<CChar>?) -> virDomainPtr?
    typealias State =
        @convention(c) (virDomainPtr?, UnsafeMutablePointer<Int32>?, UnsafeMutablePointer<Int32>?, UInt32) -> Int32
    typealias Interfaces = UnsafeMutablePointer<virDomainInterfacePtr?>
    typealias Addresses = @convention(c) (virDomainPtr?, UnsafeMutablePointer<Interfaces?>?, UInt32, UInt32) -> Int32
    typealias Text = @convention(c) (virDomainPtr?, UInt32) -> UnsafeMutablePointer<CChar>?
    typealias Address = @convention(c) (virConnectPtr?) -> UnsafeMutablePointer<CChar>?
    typealias SetErrorHandler = @convention(c) (UnsafeMutableRawPointer?, virErrorFunc?) -> Void

    let connect: Connect
    let connectToRead: Connect
    let close: @convention(c) (virConnectPtr?) -> Int32
    let findByName: Find
    let findByID: Find
    let free: @convention(c) (virDomainPtr?) -> Int32
    let state: State
    let addresses: Addresses
    let description: Text
    /// Of the hypervisor, as it is connected to.
    let address: Address
    let freeInterface: @convention(c) (virDomainInterfacePtr?) -> Void
    private let lastCode: @convention(c) () -> Int32
    private let lastMessage: @convention(c) () -> UnsafePointer<CChar>?

    /// The library's name; its number has never changed.
    static let libraryName = "libvirt.so.0"

    /// Loads it, which blocks; it stays loaded.
    /// - Throws: MachineFailure: it is not there.
    init(_ name: String = libraryName) throws(MachineFailure) {
        guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
            throw .noLibrary(dlerror().map { String(cString: $0) } ?? name)
        }
        func symbol<Function>(_ name: String, _: Function.Type = Function.self) throws(MachineFailure) -> Function {
            guard let address = dlsym(library, name) else { throw .noLibrary("it has no \(name)") }
            return unsafeBitCast(address, to: Function.self)
        }
        connect = try symbol("virConnectOpen")
        connectToRead = try symbol("virConnectOpenReadOnly")
        close = try symbol("virConnectClose")
        findByName = try symbol("virDomainLookupByName")
        findByID = try symbol("virDomainLookupByUUIDString")
        free = try symbol("virDomainFree")
        state = try symbol("virDomainGetState")
        addresses = try symbol("virDomainInterfaceAddresses")
        description = try symbol("virDomainGetXMLDesc")
        address = try symbol("virConnectGetURI")
        freeInterface = try symbol("virDomainInterfaceFree")
        lastCode = try symbol("virGetLastErrorCode")
        lastMessage = try symbol("virGetLastErrorMessage")
        // What it would write to standard error is told as an error of psrun's.
        let setHandler: SetErrorHandler = try symbol("virSetErrorFunc")
        setHandler(nil) { _, _ in }
    }

    /// What the last call on this thread failed with.
    var failure: (code: virErrorNumber, words: String) {
        let words = lastMessage().map { String(cString: $0) } ?? "it does not say why"
        return (virErrorNumber(rawValue: UInt32(bitPattern: lastCode())), words)
    }
}
