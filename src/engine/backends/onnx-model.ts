/**
 * Writes ONNX models: a small builder over the part of onnx.proto that our graphs use. Node names are made
 * up as the graph grows; what is an input and what an initializer is said once.
 */
import protobuf from 'protobufjs';

const { root } = protobuf.parse(`
  syntax = "proto2";
  message Model {
    optional int64 ir_version = 1;
    optional string producer_name = 2;
    optional Graph graph = 7;
    repeated Opset opset_import = 8;
  }
  message Opset { optional string domain = 1; optional int64 version = 2; }
  message Graph {
    repeated Node node = 1;
    optional string name = 2;
    repeated Tensor initializer = 5;
    repeated ValueInfo input = 11;
    repeated ValueInfo output = 12;
  }
  message Node {
    repeated string input = 1;
    repeated string output = 2;
    optional string name = 3;
    optional string op_type = 4;
    repeated Attribute attribute = 5;
    optional string domain = 7;
  }
  message Attribute {
    optional string name = 1;
    optional float f = 2;
    optional int64 i = 3;
    optional bytes s = 4;
    repeated int64 ints = 8;
    optional int32 type = 20;
  }
  message Tensor {
    repeated int64 dims = 1;
    optional int32 data_type = 2;
    optional string name = 8;
    optional bytes raw_data = 9;
  }
  message ValueInfo { optional string name = 1; optional ValueType type = 2; }
  message ValueType { optional TensorType tensor_type = 1; }
  message TensorType { optional int32 elem_type = 1; optional Shape shape = 2; }
  message Shape { repeated Dimension dim = 1; }
  message Dimension { optional int64 dim_value = 1; }
`);
const modelType = root.lookupType('Model');

const elementType = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7 } as const;
const attributeType = { float: 1, int: 2, string: 3, ints: 7 } as const;
const opset = 19;
const irVersion = 9;
/** onnxruntime's own operators. */
export const microsoft = 'com.microsoft';

/** A tensor inside the graph: its name and its shape. */
export type Value = { readonly name: string; readonly shape: readonly number[] };

/** `{ float }` marks a number as a float attribute, since JavaScript has but one kind of number. */
type AttributeValue = number | string | readonly number[] | { readonly float: number };

type NodeOptions = {
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Whose operator it is; by default ONNX's. */
  readonly domain?: typeof microsoft;
};

export type GraphBuilder = ReturnType<typeof createGraph>;

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

export const createGraph = () => {
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

  /** Adds a node with several outputs. */
  const nodes = (
    type: string,
    given: readonly Value[],
    shapes: readonly (readonly number[])[],
    { attributes = {}, domain }: NodeOptions = {},
  ): readonly Value[] => {
    const made = shapes.map((shape) => ({ name: fresh(type.toLowerCase()), shape }));
    nodeList.push({
      name: fresh('node'),
      opType: type,
      input: given.map((value) => value.name),
      output: made.map((value) => value.name),
      attribute: Object.entries(attributes).map(encodeAttribute),
      ...(domain && { domain }),
    });
    return made;
  };

  return {
    nodes,
    /** Adds a node with one output of the given shape. */
    node: (type: string, given: readonly Value[], shape: readonly number[], options?: NodeOptions): Value =>
      nodes(type, given, [shape], options)[0]!,
    input(name: string, shape: readonly number[]): Value {
      const value = { name, shape };
      inputs.push(value);
      return value;
    },
    output({ name: from, shape }: Value, name: string): void {
      nodeList.push({ name: fresh('node'), opType: 'Identity', input: [from], output: [name] });
      outputs.push({ name, shape });
    },
    /** A constant of float32 values. */
    floats: (shape: readonly number[], data: Float32Array | readonly number[]): Value =>
      constant(shape, elementType.float, Float32Array.from(data)),
    /** A constant of int64 values (shapes, pads, axes). */
    integers: (data: readonly number[]): Value =>
      constant([data.length], elementType.int64, BigInt64Array.from(data.map(BigInt))),
    /** A constant of int32 values. */
    words: (shape: readonly number[], data: Int32Array): Value => constant(shape, elementType.int32, data),
    /** A constant of bytes. */
    bytes: (shape: readonly number[], data: Uint8Array | Int8Array): Value =>
      constant(shape, data instanceof Int8Array ? elementType.int8 : elementType.uint8, data),
    /** The model as bytes. */
    build(): Uint8Array {
      const model = modelType.create({
        irVersion,
        producerName: 'gramzoom',
        opsetImport: [
          { domain: '', version: opset },
          { domain: microsoft, version: 1 },
        ],
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
