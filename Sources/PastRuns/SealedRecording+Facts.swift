import Recording
import RecordingFormat
import Resuming

extension SealedRecording {
    /// What an entry says of the playbook's lines. All of the entry is checked against the seal.
    /// - Throws: `damaged` where the entry is not what was sealed.
    func facts(of entry: IndexedEntry) throws(RecordingError) -> SessionFacts {
        var facts = SessionFacts(target: entry.target)
        try forEachCheckedLine(of: entry) { line, number throws(RecordingError) in
            guard let code = CastLine.code(of: line), SessionFacts.isWanted(code) else { return }
            do throws(CastError) {
                guard case .event(let event) = try CastLine(decoding: line, number: number) else { return }
                facts.take(event.code, event.data)
            } catch {
                throw damage(error, in: entry)
            }
        }
        return facts
    }
}
