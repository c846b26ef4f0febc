import { usageError } from '../../core/index.ts';
import { type TrainingJob, type TrainingJobInput, trainingJobSchema } from '../protocol/index.ts';

/** A whole job with its defaults filled in; throws a usage error that names the field. */
export function parseJob(input: TrainingJobInput): TrainingJob {
  const parsed = trainingJobSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw usageError(`The training job is not valid: ${issue?.message ?? parsed.error.message}`, {
    code: 'engine-job',
    where: issue === undefined || issue.path.length === 0 ? undefined : `job.${issue.path.join('.')}`,
    hint: 'src/engine/protocol/job.ts describes every field; engine/examples holds whole jobs.',
  });
}
