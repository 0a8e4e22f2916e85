// A host of the guest: puts a request into its memory, asks, and takes the Decision image out.

const PAGE = 64 * 1024;
const ABSENT = 0xffffffff;

export class Guest {
  constructor(module) {
    this.exports = new WebAssembly.Instance(module).exports;
    this.exports._initialize();
  }

  get memory() {
    return this.exports.memory;
  }

  /** The image gets pages of its own, behind everything the guest has, and stays there. Returns a Reason. */
  loadGate(image) {
    const address = this.memory.grow(Math.ceil(image.length / PAGE)) * PAGE;
    new Uint8Array(this.memory.buffer, address).set(image);
    return this.exports.load_gate(address, image.length);
  }

  decideBytes(head, peer, verdict) {
    this.exports.reset();
    return this.#image(this.exports.decide_bytes(...this.#put(head), ...this.#put(peer), ...this.#verdict(verdict)));
  }

  /** `fields` is a list of [name, value]; an authority that is undefined is absent. */
  decideFields({ method, authority, target, fields }, peer, verdict) {
    const texts = [method, authority, target, ...fields.flat()];
    let size = 0;
    const spans = texts.map((text) => {
      if (text === undefined) return [ABSENT, 0];
      size += text.length;
      return [size - text.length, text.length];
    });
    return this.decideSpans(Buffer.from(texts.join(''), 'latin1'), spans, peer, verdict);
  }

  decideSpans(text, spans, peer, verdict) {
    this.exports.reset();
    const table = Buffer.from(Uint32Array.from(spans.flat()).buffer);
    const [address] = this.#put(table);
    const pieces = [...this.#put(text), address, spans.length];
    return this.#image(this.exports.decide_fields(...pieces, ...this.#put(peer), ...this.#verdict(verdict)));
  }

  #put(bytes) {
    const address = this.exports.alloc(bytes.length);
    if (address === 0) throw new Error(`the guest has no room for ${bytes.length} bytes`);
    new Uint8Array(this.memory.buffer, address).set(bytes);
    return [address, bytes.length];
  }

  #verdict({ identity = Buffer.alloc(0), refusal = 0, offset = 0 }) {
    return [...this.#put(identity), refusal, offset];
  }

  /** A copy: the guest's own is overwritten by the next Decision. */
  #image(address) {
    if (address === 0) throw new Error('the guest has no room for the Decision');
    const size = new DataView(this.memory.buffer).getUint32(address + 8, true);
    return Buffer.from(this.memory.buffer.slice(address, address + size));
  }
}

// include/ostiary/policy/decision.hpp: DecisionHeader.
const OFFSET = 24;

export const effectOf = (image) => image.readUInt32LE(12);
export const reasonOf = (image) => image.readInt32LE(16);
export const offsetOf = (image) => image.readUInt32LE(OFFSET);

export function withoutOffset(image) {
  const copy = Buffer.from(image);
  copy.writeUInt32LE(0, OFFSET);
  return copy;
}
