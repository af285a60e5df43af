/**
 * Writes ONNX models: a small builder over the part of onnx.proto that our graphs use. Node names are made
 * up as the graph grows; what is an input and what an initializer is said once.
 */
import protobuf from 'protobufjs';

const dimension = { fields: { dimValue: { type: 'int64', id: 1 } } };
const repeated = (type: string, id: number) => ({ rule: 'repeated', type, id, options: { packed: false } });

const root = protobuf.Root.fromJSON({
  nested: {
    Model: {
      fields: {
        irVersion: { type: 'int64', id: 1 },
        producerName: { type: 'string', id: 2 },
        graph: { type: 'Graph', id: 7 },
        opsetImport: repeated('Opset', 8),
      },
    },
    Opset: { fields: { domain: { type: 'string', id: 1 }, version: { type: 'int64', id: 2 } } },
    Graph: {
      fields: {
        node: repeated('Node', 1),
        name: { type: 'string', id: 2 },
        initializer: repeated('TensorValue', 5),
        input: repeated('ValueInfo', 11),
        output: repeated('ValueInfo', 12),
      },
    },
    Node: {
      fields: {
        input: repeated('string', 1),
        output: repeated('string', 2),
        name: { type: 'string', id: 3 },
        opType: { type: 'string', id: 4 },
        attribute: repeated('Attribute', 5),
      },
    },
    Attribute: {
      fields: {
        name: { type: 'string', id: 1 },
        f: { type: 'float', id: 2 },
        i: { type: 'int64', id: 3 },
        s: { type: 'bytes', id: 4 },
        ints: repeated('int64', 8),
        type: { type: 'int32', id: 20 },
      },
    },
    TensorValue: {
      fields: {
        dims: repeated('int64', 1),
        dataType: { type: 'int32', id: 2 },
        name: { type: 'string', id: 8 },
        rawData: { type: 'bytes', id: 9 },
      },
    },
    ValueInfo: { fields: { name: { type: 'string', id: 1 }, type: { type: 'ValueType', id: 2 } } },
    ValueType: { fields: { tensorType: { type: 'TensorType', id: 1 } } },
    TensorType: { fields: { elemType: { type: 'int32', id: 1 }, shape: { type: 'Shape', id: 2 } } },
    Shape: { fields: { dim: repeated('Dimension', 1) } },
    Dimension: dimension,
  },
});

const modelType = root.lookupType('Model');

const elementType = { float: 1, int64: 7 } as const;
const attributeType = { float: 1, int: 2, string: 3, ints: 7 } as const;
const opset = 19;
const irVersion = 9;

/** A tensor inside the graph: its name and its shape. */
export type Value = { readonly name: string; readonly shape: readonly number[] };

/** `{ float }` marks a number as a float attribute, since JavaScript has but one kind of number. */
export type AttributeValue = number | string | readonly number[] | { readonly float: number };

export type NodeOptions = {
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
};

export type GraphBuilder = {
  input(name: string, shape: readonly number[]): Value;
  output(value: Value, name: string): void;
  /** A constant of float32 values. */
  floats(shape: readonly number[], data: Float32Array | readonly number[]): Value;
  /** A constant of int64 values (shapes, pads, axes). */
  integers(data: readonly number[]): Value;
  /** Adds a node with one output of the given shape. */
  node(type: string, inputs: readonly Value[], shape: readonly number[], options?: NodeOptions): Value;
  /** Adds a node with several outputs. */
  nodes(
    type: string,
    inputs: readonly Value[],
    shapes: readonly (readonly number[])[],
    options?: NodeOptions,
  ): readonly Value[];
  /** The model as bytes. */
  build(): Uint8Array;
};

const encodeAttribute = ([name, value]: [string, AttributeValue]): object => {
  if (typeof value === 'number') return { name, i: value, type: attributeType.int };
  if (typeof value === 'string') return { name, s: Buffer.from(value), type: attributeType.string };
  if ('float' in value) return { name, f: value.float, type: attributeType.float };
  return { name, ints: value, type: attributeType.ints };
};

const valueInfo = ({ name, shape }: Value): object => ({
  name,
  type: {
    tensorType: { elemType: elementType.float, shape: { dim: shape.map((dimValue) => ({ dimValue })) } },
  },
});

export const createGraph = (): GraphBuilder => {
  const nodeList: object[] = [];
  const initializers: object[] = [];
  const inputs: Value[] = [];
  const outputs: Value[] = [];
  let count = 0;

  const fresh = (prefix: string): string => `${prefix}_${count++}`;

  const constant = (dims: readonly number[], dataType: number, bytes: ArrayBufferView): Value => {
    const name = fresh('constant');
    const rawData = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    initializers.push({ name, dims, dataType, rawData });
    return { name, shape: dims };
  };

  const nodes: GraphBuilder['nodes'] = (type, given, shapes, { attributes = {} } = {}) => {
    const made = shapes.map((shape) => ({ name: fresh(type.toLowerCase()), shape }));
    nodeList.push({
      name: fresh('node'),
      opType: type,
      input: given.map((value) => value.name),
      output: made.map((value) => value.name),
      attribute: Object.entries(attributes).map(encodeAttribute),
    });
    return made;
  };

  const node: GraphBuilder['node'] = (type, given, shape, options) =>
    nodes(type, given, [shape], options)[0]!;

  return {
    input(name, shape) {
      const value = { name, shape };
      inputs.push(value);
      return value;
    },
    output(value, name) {
      const named = { name, shape: value.shape };
      nodeList.push({ name: fresh('node'), opType: 'Identity', input: [value.name], output: [name] });
      outputs.push(named);
    },
    floats: (shape, data) => constant(shape, elementType.float, Float32Array.from(data)),
    integers: (data) => constant([data.length], elementType.int64, BigInt64Array.from(data.map(BigInt))),
    node,
    nodes,
    build() {
      const model = modelType.create({
        irVersion,
        producerName: 'gramzoom',
        opsetImport: [{ domain: '', version: opset }],
        graph: {
          name: 'graph',
          node: nodeList,
          initializer: initializers,
          input: inputs.map(valueInfo),
          output: outputs.map(valueInfo),
        },
      });
      return modelType.encode(model).finish();
    },
  };
};
