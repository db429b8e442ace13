import type { Evidence } from '../../src/drill/evidence';
import { drillText, isPassed } from '../../src/report/drill-text';
import type { Paint } from '../../src/report/paint';
import { attack, evidence, proof, readback } from '../support/evidence';

const around = (name: string) => (text: string): string => `<${name}>${text}</${name}>`;
const PAINT: Paint = { bold: around('bold'), dim: around('dim'), red: around('red'), yellow: around('yellow'), green: around('green'), cyan: around('cyan') };

/** Blocks of lines, as an empty line parts them. */
function blocks(drilled: Partial<Evidence>): string[][] {
  return drillText(evidence(drilled), PAINT).trimEnd().split('\n\n').map((block) => block.split('\n'));
}

describe('What a drill prints about its attacks', () => {
  test('one line for what was withstood, by construct path where there is one', () => {
    const place = { stack: 'Prod', logicalId: 'Listener', constructPath: 'Prod/Core/Listener' };
    expect(blocks({ attacks: [attack(), attack({ attack: 'TLS-2.ciphers', target: place })] })[0]).toEqual([
      '<green>✓</green> TLS-2.old-versions  RemoteCore/CoreIngressListener: Three handshakes failed, the one of TLS 1.3 did not.',
      '<green>✓</green> TLS-2.ciphers       Prod/Core/Listener: Three handshakes failed, the one of TLS 1.3 did not.',
    ]);
  });

  test.each([['succeeded', '<red>✗</red>'], ['inconclusive', '<yellow>?</yellow>']] as const)('what was tried, expected and sent where it %s', (verdict, mark) => {
    expect(blocks({ attacks: [attack({ verdict, saw: 'TLS 1.0 was spoken.' })] })[0]).toEqual([
      `${mark} TLS-2.old-versions  RemoteCore/CoreIngressListener: TLS 1.0 was spoken.`,
      '    tried    Speaks TLS 1.0, 1.1 and 1.2.',
      '    expected Every handshake below TLS 1.3 fails.',
      '<dim>    | > ClientHello TLSv1.2</dim>',
      '<dim>    | < alert protocol_version</dim>',
    ]);
  });

  test('a long transcript only from its beginning, and how much more there is', () => {
    const transcript = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`);
    const [lines = []] = blocks({ attacks: [attack({ verdict: 'succeeded', transcript })] });
    expect(lines.slice(-2)).toEqual(['<dim>    | line 12</dim>', '<dim>    … 28 more lines in the evidence</dim>']);
    expect(lines).toHaveLength(3 + 12 + 1);
  });

  test('of a transcript what belongs to the attack, not the legitimate request before it', () => {
    const transcript = ['Before the attack: a legitimate request', '< 200', 'The attack', '< 201'];
    expect(blocks({ attacks: [attack({ verdict: 'succeeded', transcript })] })[0]?.slice(3)).toEqual(['<dim>    | The attack</dim>', '<dim>    | < 201</dim>']);
  });

  test('why an attack was not tried, in the same column', () => {
    const noTarget = [{ attack: 'IDN-6.none', control: 'IDN-6' as const, reason: 'The templates have no listener that verifies certificates.' }];
    expect(blocks({ attacks: [attack()], noTarget })[0]?.[1]).toBe('<dim>· IDN-6.none          Not tried. The templates have no listener that verifies certificates.</dim>');
  });
});

describe('What a drill prints about its proofs', () => {
  test('nothing where none were run', () => {
    expect(blocks({ attacks: [attack()] })).toHaveLength(2);
  });

  test('one line where all of them held', () => {
    expect(blocks({ attacks: [attack()], proofs: [proof(), proof({ saboteur: 'another', verdict: 'not-applicable' })] })[1]).toEqual([
      'Proofs: with a protection taken away, 1 of 1 repeated attack succeeded, as they must. 1 further one had nothing to take away here.',
    ]);
  });

  test('an attack that is blind, and one that could not be repeated, each as what it is', () => {
    const proofs = [proof(), proof({ verdict: 'withstood', saw: 'No handshake succeeded.' }), proof({ verdict: 'inconclusive', saw: 'The edge did not start.' })];
    expect(blocks({ attacks: [attack()], proofs })[1]).toEqual([
      'Proofs: with a protection taken away, 1 of 3 repeated attacks succeeded.',
      '<red>✗ TLS-2.old-versions proves nothing, for it fails even where SslPolicy becomes ELBSecurityPolicy-2016-08: No handshake succeeded.</red>',
      '<yellow>? TLS-2.old-versions could not be repeated where SslPolicy becomes ELBSecurityPolicy-2016-08: The edge did not start.</yellow>',
    ]);
  });

  test('that nothing is proven where nothing can be taken away', () => {
    expect(blocks({ attacks: [attack()], proofs: [proof({ verdict: 'not-applicable' })] })[1]).toEqual([
      'None of the attacks is proven able to succeed: there is no protection here that could be taken away.',
    ]);
  });
});

describe('What a drill prints about the emulator', () => {
  test('what it holds differently, and not what it holds or is known not to hold', () => {
    const readbacks = [readback(), readback({ verdict: 'not-held' }), readback({ verdict: 'different', saw: 'ELBSecurityPolicy-2016-08' })];
    expect(blocks({ readbacks })[0]).toEqual(['<red>✗</red> TLS-2 RemoteCore/CoreIngressListener SslPolicy is not what the emulator holds: ELBSecurityPolicy-2016-08']);
  });

  test('what is not emulated, each reason once', () => {
    const place = { stack: 'RemoteCore', logicalId: 'A' };
    const notEmulated = [
      { place, type: 'AWS::SNS::Topic', property: '', reason: 'unknown to it' },
      { place: { ...place, logicalId: 'B' }, type: 'AWS::SNS::Topic', property: '', reason: 'unknown to it' },
      { place, type: 'AWS::WAFv2::WebACL', property: 'Rules', reason: 'unknown to it' },
      { place, type: 'AWS::EC2::VPC', property: '', reason: 'there is no network' },
    ];
    expect(blocks({ notEmulated })[0]).toEqual([
      'Not emulated, and so not proven:',
      '<dim>· AWS::SNS::Topic, AWS::WAFv2::WebACL Rules: unknown to it</dim>',
      '<dim>· AWS::EC2::VPC: there is no network</dim>',
    ]);
  });
});

describe('The last lines', () => {
  test('count everything', () => {
    const drilled = { attacks: [attack(), attack({ verdict: 'succeeded' }), attack({ verdict: 'inconclusive' })], readbacks: [readback(), readback({ verdict: 'not-held' })] };
    expect(blocks(drilled).at(-1)).toEqual([
      '<red>3 attacks: 1 withstood, 1 succeeded, 1 inconclusive; 0 without a target.',
      'Read back: 1 same, 0 different, 1 not held by the emulator.</red>',
    ]);
  });

  test.each<[string, Partial<Evidence>, boolean]>([
    ['everything withstood', { attacks: [attack()], proofs: [proof(), proof({ verdict: 'not-applicable' })], readbacks: [readback(), readback({ verdict: 'not-held' })] }, true],
    ['a success', { attacks: [attack({ verdict: 'succeeded' })] }, false],
    ['something inconclusive', { attacks: [attack({ verdict: 'inconclusive' })] }, false],
    ['a blind attack', { attacks: [attack()], proofs: [proof({ verdict: 'withstood' })] }, false],
    ['an inconclusive proof', { attacks: [attack()], proofs: [proof({ verdict: 'inconclusive' })] }, false],
    ['something held differently', { readbacks: [readback({ verdict: 'different' })] }, false],
  ])('are green only where the drill passed: %s', (_, drilled, passed) => {
    expect(isPassed(evidence(drilled))).toBe(passed);
    expect(blocks(drilled).at(-1)?.[0]).toMatch(passed ? /^<green>/ : /^<red>/);
  });
});
