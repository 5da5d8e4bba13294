package import CLIXML

/// A promise of psrun's endpoint in the ApplicationPrivateData of a session that is kept. PowerShell makes none.
///
/// It takes requests in the order in which they were sent, so that nothing need wait for an acknowledgement. In a pool of
/// one runspace it runs pipelines in the order of their creation. It answers `prompt` and `PipelineRequest.stateScript`
/// without running anything, and what it answers changes by its pipelines alone.
package enum FarSideOrder {
    private static let name = "PSRunInOrder"

    /// The entry of ApplicationPrivateData.
    package static let promise = (name, PSValue.bool(true))

    /// - Parameter privateData: the body of APPLICATION_PRIVATE_DATA.
    package static func isPromised(_ privateData: PSValue) -> Bool {
        privateData["ApplicationPrivateData"]?[key: name]?.boolValue == true
    }
}
