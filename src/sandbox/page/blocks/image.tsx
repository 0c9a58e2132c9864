import type { ImageBlock, ImageElement } from '@slack/types';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { Text } from '../mrkdwn/text.tsx';
import { safeImage } from '../mrkdwn/safe-link.ts';

/** An image, or its description where it can't be loaded: without a network most can't. */
export function BlockImage({ image }: { readonly image: ImageElement | ImageBlock }): VNode {
  const address = 'image_url' in image ? image.image_url : 'url' in image.slack_file ? image.slack_file.url : '';
  const source = safeImage(address);
  const [broken, setBroken] = useState<string | null>(null);
  if (source === null || broken === source) return <span class="image-missing">{image.alt_text}</span>;
  // biome-ignore lint/a11y/noNoninteractiveElementInteractions: a failed load is no interaction.
  return <img src={source} alt={image.alt_text} loading="lazy" referrerpolicy="no-referrer" onError={() => setBroken(source)} />;
}

export function ImageBlockView({ block }: { readonly block: ImageBlock }): VNode {
  return (
    <figure class="image">
      {block.title && (
        <figcaption>
          <Text text={block.title} />
        </figcaption>
      )}
      <BlockImage image={block} />
    </figure>
  );
}
