import CLIXML
import PSRP
import Playbooks

/// From the open pool to the first step: where blocks end is asked, and the first prompt.
extension SessionMachine {
    mutating func opened(_ version: PSVersionNumber, _ client: inout some SessionClient) {
        guard case .connecting(let connecting) = state else { return }
        emit(.opened(version))
        if let wanted = options.language, let found = connecting.language, found != wanted {
            verdict.fails(.wrongLanguage(options.target, wanted, found))
            return close(&client)
        }
        if let language = connecting.language { source.farSide(speaks: language) }
        let isRecorded = !options.recordsBeforeSending
        if let cutter = cutterWithoutQuestion(connecting.language) {
            cuts(cutter)
            guard !options.endsBehindCut else { return close(&client) }
            ask(
                RunningPipeline(client.create(.prompt)),
                behind: connecting.prompt,
                isStepRecorded: isRecorded,
                by: connecting.limit
            )
        } else {
            let question = client.create(CutQuestion.request(about: source.playbook))
            ask(
                RunningPipeline(question),
                behind: connecting.prompt,
                isStepRecorded: isRecorded,
                isAskedForCut: true,
                by: connecting.limit
            )
        }
    }

    /// What cuts the playbook where the far side's parser is not asked; nil where it is.
    private func cutterWithoutQuestion(_ language: PlaybookLanguage?) -> BlockCutter? {
        switch options.blockRule {
        case .console: return .console
        case .incremental: return .incremental(.option)
        case .parser: break
        }
        if language == .posixShell { return .incremental(.posixShell) }
        let bytes = source.playbook.textBytes
        return bytes > CutQuestion.mostBytes ? .incremental(.tooLarge(bytes: bytes)) : nil
    }

    /// The pipeline has ended that asked where blocks end, and for the prompt.
    mutating func cutEnded(
        _ asked: AskedPrompt,
        _ pipeline: RunningPipeline,
        _ error: ErrorRecord?,
        isComplete: Bool,
        _ client: inout some SessionClient
    ) {
        guard !isStopping else { return close(&client) }
        do throws(CutError) {
            switch try CutQuestion.answer(asked.outputs.values, failedBy: error, about: source.playbook) {
            case .cut(let cut, let prompt):
                if let first = cut.firstSyntaxError {
                    cuts(.parser)
                    verdict.fails(.syntaxError(options.target, first, of: cut, in: source.playbook))
                    return close(&client)
                }
                source.take(cut)
                cuts(.parser, cut.blocks)
                guard !options.endsBehindCut else { return close(&client) }
                goOn(
                    behind: asked.prompt.said(prompt, isComplete: isComplete),
                    isStepRecorded: asked.isStepRecorded,
                    &client
                )
            case .none(let reason, let prompt):
                cuts(.incremental(reason))
                guard !options.endsBehindCut else { return close(&client) }
                guard isComplete || !verdict.takesMoreSteps else {
                    let pipeline = pipeline.followed(by: client.create(.prompt))
                    return ask(
                        pipeline,
                        behind: asked.prompt,
                        isStepRecorded: asked.isStepRecorded,
                        by: asked.opening
                    )
                }
                goOn(
                    behind: asked.prompt.said(prompt, isComplete: isComplete),
                    isStepRecorded: asked.isStepRecorded,
                    &client
                )
            }
        } catch {
            verdict.fails(.cutNotUsable(options.target, error))
            close(&client)
        }
    }
}
