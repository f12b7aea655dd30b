// A plugin of TypeDoc: members that a class or an interface inherits from one that has a section of its own are described there only.

import { Converter, ReflectionKind } from 'typedoc';

/** Called by TypeDoc. */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    const described = new Set(project.getReflectionsByKind(ReflectionKind.ClassOrInterface).map(({ name }) => name));
    for (const member of project.getReflectionsByKind(ReflectionKind.ClassMember)) {
      const from = member.inheritedFrom ?? member.signatures?.[0]?.inheritedFrom;
      if (from && described.has(from.name.split('.')[0]) && member.parent?.kindOf(ReflectionKind.ClassOrInterface)) project.removeReflection(member);
    }
  });
}
