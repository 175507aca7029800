import { Card } from '@/components/ui/Card';
import type { Comparison } from '@/lib/api/use-comparison';
import { settingText } from '@/lib/settings';
import type { ComparedRun } from './compared';
import { RunColumnHeads } from './RunColumns';

/** The settings that are not the same in all runs; what is the same is left out. */
export function SettingsCard({ comparison, runs }: { comparison: Comparison; runs: readonly ComparedRun[] }) {
  const { settings } = comparison;
  if (settings.length === 0)
    return (
      <Card title="Settings that differ">
        <p className="text-muted">None: these runs have the same definition.</p>
      </Card>
    );
  return (
    <Card title="Settings that differ" note="everything else is the same" flush>
      <div
        className="relative overflow-x-auto border-t border-line"
        tabIndex={0}
        role="region"
        aria-label="Differing settings by run"
      >
        <table className="table-plain">
          <caption className="sr-only">Settings that differ between the compared runs</caption>
          <RunColumnHeads runs={runs} first="Setting" />
          <tbody>
            {settings.map((setting) => {
              const base = settingText(setting.values[0]);
              return (
                <tr key={setting.path} data-setting={setting.path}>
                  <th
                    scope="row"
                    className="sticky left-0 z-[1] bg-surface font-mono !font-normal !text-text"
                  >
                    {setting.path}
                  </th>
                  {runs.map(({ run }, index) => {
                    const text = settingText(setting.values[index]);
                    return (
                      <td key={run.id} className={`num ${index > 0 && text === base ? 'text-muted' : ''}`}>
                        {text}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
