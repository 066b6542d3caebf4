import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { inPixels, type Box } from '../../src/domain/rollouts/boxes';
import type { Detail, Picture } from '../../src/wire/completionsPanel';

export interface BoxesDrawn {
  /** Of the record. */
  readonly known: readonly Box[];
  /** Of the completion that is looked at. */
  readonly said: readonly Box[];
}

/** Widths of a picture, in hundredths of its own. */
const ZOOMS = [25, 50, 100, 200, 400];
const SMALL = 120;

/** Pictures of a prompt with the boxes that the record and the completion name; a click makes one as wide as it is. */
export function Pictures({ pictures, boxes }: Pick<Detail, 'pictures'> & { boxes: BoxesDrawn }): VNode | null {
  const [zoom, setZoom] = useState<number>();
  if (pictures.length === 0) return null;
  const step = (by: number): void => {
    const at = zoom === undefined ? 1 : ZOOMS.indexOf(zoom);
    setZoom(ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, at + by))]);
  };
  return (
    <>
      <div class="zoom">
        <button class="plain" title="Smaller" onClick={() => step(-1)}>
          −
        </button>
        <button class="plain" title="As small as fits" onClick={() => setZoom(undefined)}>
          {zoom === undefined ? 'fit' : `${zoom} %`}
        </button>
        <button class="plain" title="Larger" onClick={() => step(1)}>
          +
        </button>
        {boxes.known.length > 0 && <span class="quiet known">{counted(boxes.known)} of the record</span>}
        {boxes.said.length > 0 && <span class="quiet said">{counted(boxes.said)} of the completion</span>}
      </div>
      <div class="pictures">
        {pictures.map((picture) => (
          <Shown
            key={picture.name}
            picture={picture}
            boxes={boxes}
            zoom={zoom}
            onZoom={() => setZoom(zoom === undefined ? 100 : undefined)}
          />
        ))}
      </div>
    </>
  );
}

const counted = ({ length }: readonly Box[]): string => (length === 1 ? 'a box' : `${length} boxes`);

interface ShownProps {
  readonly picture: Picture;
  readonly boxes: BoxesDrawn;
  readonly zoom: number | undefined;
  readonly onZoom: () => void;
}

function Shown({ picture, boxes, zoom, onZoom }: ShownProps): VNode {
  const [size, setSize] = useState<{ width: number; height: number }>();
  if (!('src' in picture))
    return (
      <span class="quiet">
        {picture.name} is not shown: {picture.why}.
      </span>
    );
  if (picture.src.startsWith('data:video/')) return <Film name={picture.name} src={picture.src} zoom={zoom} />;
  const scale = size && (zoom === undefined ? Math.min(1, SMALL / size.height) : zoom / 100);
  const drawn =
    size && scale !== undefined ? { width: `${size.width * scale}px`, height: `${size.height * scale}px` } : {};
  return (
    <button class="picture" title={`${picture.name}: click for its own size`} style={drawn} onClick={onZoom}>
      <img
        src={picture.src}
        alt={picture.name}
        onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => setSize({ width, height })}
      />
      {size && (
        <svg viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
          <Outlines boxes={boxes.known} size={size} kind="known" />
          <Outlines boxes={boxes.said} size={size} kind="said" />
        </svg>
      )}
    </button>
  );
}

/** Its first frame, and the whole of it where the user plays it; without sound, since models hear none. */
function Film({ name, src, zoom }: { name: string; src: string; zoom: number | undefined }): VNode {
  const [own, setOwn] = useState(SMALL);
  const height = zoom === undefined ? Math.min(own, SMALL) : (own * zoom) / 100;
  return (
    <video
      {...{ class: 'film', title: name, 'aria-label': name, src }}
      controls
      muted
      preload="auto"
      style={{ height: `${height}px` }}
      onLoadedMetadata={({ currentTarget }) => setOwn(currentTarget.videoHeight)}
    />
  );
}

interface OutlinesProps {
  readonly boxes: readonly Box[];
  readonly size: { readonly width: number; readonly height: number };
  readonly kind: string;
}

function Outlines({ boxes, size, kind }: OutlinesProps): VNode {
  return (
    <>
      {boxes.map((box, at) => {
        const { x1, y1, x2, y2 } = inPixels(box, size);
        return <rect key={at} class={kind} x={x1} y={y1} width={x2 - x1} height={y2 - y1} />;
      })}
    </>
  );
}
