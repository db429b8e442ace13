import type { Template } from './template/template';

/** Values by template and key. Templates are told apart by identity: two may carry the same name, and one must not answer for the other. */
export class PerTemplate<T> {
  private readonly byTemplate = new Map<Template, Map<string, T>>();

  public get(template: Template, key: string): T | undefined {
    return this.byTemplate.get(template)?.get(key);
  }

  public set(template: Template, key: string, value: T): void {
    const entries = this.byTemplate.get(template) ?? new Map<string, T>();
    this.byTemplate.set(template, entries.set(key, value));
  }

  public values(): T[] {
    return [...this.byTemplate.values()].flatMap((entries) => [...entries.values()]);
  }
}
